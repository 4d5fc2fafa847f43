package store

import (
	"context"
	"errors"
)

// Remigrate takes one migration back and runs it again.
func (s *Store) Remigrate(ctx context.Context, version int64) error {
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	_, down := provider.ApplyVersion(ctx, version, false)
	_, up := provider.ApplyVersion(ctx, version, true)
	return errors.Join(down, up)
}
