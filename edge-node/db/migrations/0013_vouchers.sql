-- State: vouchers by their serial, worth and what was paid above it.
CREATE TABLE voucher (
  voucher TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  denomination_cents INTEGER NOT NULL,
  fee_cents INTEGER NOT NULL,
  method TEXT NOT NULL,
  expires_on TEXT,
  sold_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX voucher_circulating ON voucher (voucher) WHERE state = 'CIRCULATING';
