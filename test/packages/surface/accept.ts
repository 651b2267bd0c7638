// `pnpm surface`: takes what the built packages export for what they are to export.
import { writeFile } from 'node:fs/promises'
import { packages } from '../manifests.ts'
import { fileOf, surfaceOf } from './surface.ts'

for (const it of packages) await writeFile(fileOf(it), await surfaceOf(it))
