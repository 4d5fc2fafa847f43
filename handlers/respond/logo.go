package respond

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
)

// LogoPath is the address of a workspace's logo, "" when it has none. It
// changes with the picture, so that browsers may keep it.
func LogoPath(w surveys.Workspace) string {
	if len(w.Logo) == 0 {
		return ""
	}
	sum := sha256.Sum256(w.Logo)
	return "/logo/" + w.Key + "/" + hex.EncodeToString(sum[:8])
}

// logo serves a workspace's picture.
func (p *pages) logo(c echo.Context) error {
	key := c.Param("workspace")
	if len(key) != surveys.KeyLength || !surveys.IsKey(key) {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	w, err := p.Directory.Workspace(c.Request().Context(), key)
	if err != nil {
		return err
	}
	if path := LogoPath(w.Workspace); path == "" || path != "/logo/"+key+"/"+c.Param("hash") {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	// A picture is shown as one and never run as anything else.
	header.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	return c.Blob(http.StatusOK, w.LogoType, w.Logo)
}
