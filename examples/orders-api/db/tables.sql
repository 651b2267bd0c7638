create table if not exists orders (
  id uuid primary key,
  sku text not null,
  quantity integer not null check (quantity > 0),
  placed_at timestamptz not null default now()
);
