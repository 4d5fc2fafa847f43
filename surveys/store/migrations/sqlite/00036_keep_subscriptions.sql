-- +goose Up

-- When the subscription of somebody who had left went on after all.
ALTER TABLE cancellations ADD COLUMN kept_at DATETIME;

-- +goose Down
ALTER TABLE cancellations DROP COLUMN kept_at;
