package office

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/url"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// noise is a picture that nothing can compress.
func noise(width, height int) *image.NRGBA {
	random, picture := rand.New(rand.NewPCG(1, 2)), image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = byte(random.UintN(256))
	}
	return picture
}

func pngOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLogoIsWhatItsContentSays(t *testing.T) {
	t.Parallel()
	small := pngOf(t, noise(20, 10))
	cases := []struct {
		name, file string
		content    []byte
		status     int
		kind, says string
	}{
		{"PNG", "logo.png", small, http.StatusSeeOther, "image/png", ""},
		{"PNG of another name", "logo.exe", small, http.StatusSeeOther, "image/png", ""},
		{"JPEG", "logo.jpg", jpegOf(t, noise(20, 10)), http.StatusSeeOther, "image/jpeg", ""},
		{"large PNG", "logo.png", pngOf(t, noise(400, 300)), http.StatusSeeOther, "image/png", ""},
		{"large JPEG", "logo.jpg", jpegOf(t, noise(1024, 1024)), http.StatusSeeOther, "image/jpeg", ""},
		{"wide", "logo.png", pngOf(t, image.NewNRGBA(image.Rect(0, 0, 4000, 2))), http.StatusSeeOther, "image/png", ""},
		{"WebP", "logo.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), http.StatusUnprocessableEntity, "", "PNG or JPEG"},
		{"SVG", "logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), http.StatusUnprocessableEntity, "", "PNG or JPEG"},
		{"HTML that says PNG", "logo.png", []byte("<html><script>alert(1)</script>"), http.StatusUnprocessableEntity, "", "PNG or JPEG"},
		{"broken off", "logo.png", small[:len(small)/2], http.StatusUnprocessableEntity, "", "damaged"},
		{"a head and nothing else", "logo.png", []byte("\x89PNG\r\n\x1a\n"), http.StatusUnprocessableEntity, "", "damaged"},
		{"too many pixels", "logo.png", pngOf(t, image.NewGray(image.Rect(0, 0, 1025, 1024))), http.StatusUnprocessableEntity, "", "1,025 × 1,024"},
		{"too large", "logo.png", append(small, make([]byte, maxLogoUpload)...), http.StatusUnprocessableEntity, "", "larger than"},
		{"far too large", "logo.png", append(small, make([]byte, 5<<20)...), http.StatusRequestEntityTooLarge, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := onSQLite(t)
			form := usualSettings()
			form.Set("name", "Another name")
			p := x.as(surveys.Manager).upload(form, c.file, c.content).want(c.status)
			if c.says != "" {
				p.says("#field-logo-error", c.says)
				if got := p.value("name"); got != "Another name" {
					t.Errorf("the other inputs are lost: %q", got)
				}
			}
			got, _ := x.store.Workspace(context.Background(), x.w.ID)
			if got.LogoType != c.kind || len(got.Logo) > logoBytes || (len(got.Logo) > 0) != (c.kind != "") {
				t.Errorf("stored %d bytes of type %q, want %q", len(got.Logo), got.LogoType, c.kind)
			}
		})
	}
}

func TestLogoIsKeptAndTakenAway(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	m.upload(usualSettings(), "logo.png", pngOf(t, noise(20, 10))).seesOther("/settings")
	m.upload(usualSettings(), "", nil).seesOther("/settings")
	m.get("/settings").has(`.logo-field img[src^="data:image/png;base64,"]`, 1)
	form := usualSettings()
	form.Set("logo_remove", "1")
	m.post("/settings", form).seesOther("/settings")
	m.get("/settings").has(".logo-field img", 0)
}

func TestLogoFits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		size, fit image.Point
	}{
		{"small stays", image.Pt(40, 40), image.Pt(40, 40)},
		{"high", image.Pt(100, 800), image.Pt(10, 80)},
		{"wide", image.Pt(3200, 80), image.Pt(320, 8)},
		{"a line", image.Pt(100000, 2), image.Pt(320, 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := within(c.size, logoWidth, logoHeight); got != c.fit {
				t.Errorf("%v became %v, want %v", c.size, got, c.fit)
			}
		})
	}
}

// What is transparent lends its pixels no colour.
func TestShrinkWeighsByOpacity(t *testing.T) {
	t.Parallel()
	picture := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	picture.Set(0, 0, color.NRGBA{R: 200, A: 255})
	picture.Set(1, 0, color.NRGBA{G: 255, A: 0})
	got := color.NRGBAModel.Convert(shrink(picture, image.Pt(1, 1)).At(0, 0)).(color.NRGBA)
	if got.R < 199 || got.R > 201 || got.G != 0 || got.A < 127 || got.A > 128 {
		t.Errorf("%+v", got)
	}
}

func TestSettingsTakeFormsWithoutAPicture(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.as(surveys.Manager).post("/settings", usualSettings()).seesOther("/settings")
	x.as(surveys.Manager).post("/settings", url.Values{}).want(http.StatusUnprocessableEntity)
}
