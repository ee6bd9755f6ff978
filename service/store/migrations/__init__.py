"""The history of the tables; `service.store.migrating` applies it."""
