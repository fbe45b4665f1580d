-- Who brought a voucher, in which night, and what was taken off for her.
ALTER TABLE voucher ADD COLUMN redeemed_by TEXT;
ALTER TABLE voucher ADD COLUMN redeemed_day TEXT;
ALTER TABLE voucher ADD COLUMN discount_cents INTEGER;
CREATE INDEX voucher_redeemed ON voucher (redeemed_by, redeemed_day) WHERE redeemed_by IS NOT NULL;

-- What was redeemed before these columns were there.
UPDATE voucher SET
  redeemed_by = e.line ->> '$.body.dancer',
  redeemed_day = e.line ->> '$.day',
  discount_cents = e.line ->> '$.body.discountCents'
FROM event AS e
WHERE e.line ->> '$.type' = 'voucher.redeemed' AND e.line ->> '$.body.voucher' = voucher.voucher
  AND e.pos NOT IN (SELECT pos FROM review);
