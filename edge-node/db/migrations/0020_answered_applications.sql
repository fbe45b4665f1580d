-- What somebody filled in is let go of once it was answered: an approved dancer's names are hers, a refused one's are nobody's.
DELETE FROM data_key WHERE subject IN (SELECT invitation FROM invitation WHERE state IN ('APPROVED', 'REFUSED'));
UPDATE invitation SET stage_name = NULL, legal_name = NULL, birth_date = NULL WHERE state IN ('APPROVED', 'REFUSED');
