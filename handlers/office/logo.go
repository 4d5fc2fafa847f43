package office

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
)

// What a logo may be, and what becomes of it. The pages show it 40 pixels high
// and at most 160 wide, within a budget of 14 KB for everything they load; so
// what is kept is a small copy with twice as many pixels, for fine screens.
const (
	maxLogoUpload = 1 << 20     // bytes of the file
	maxLogoPixels = 1024 * 1024 // of the picture in it
	logoWidth     = 320
	logoHeight    = 80
	logoBytes     = 3 << 10 // of what is kept
)

// readLogo takes the picture of the form, or takes the logo away. What kind of
// picture it is says its content, never its name. A picture that cannot be
// taken is an error of the field.
func (v visit) readLogo(form url.Values, w surveys.Workspace) (surveys.Workspace, error) {
	if form.Get("logo_remove") != "" {
		w.Logo, w.LogoType = nil, ""
	}
	header, err := v.FormFile("logo")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || (err == nil && header.Size == 0) {
		return w, nil
	}
	if err != nil {
		return w, web.ReadFailure(fmt.Errorf("read the logo: %w", err))
	}
	if header.Size > maxLogoUpload {
		return w, wrongLogo(surveys.FieldError{Code: "logo_size", Args: map[string]any{"max": maxLogoUpload >> 10}})
	}
	content, err := readFile(header)
	if err != nil {
		return w, err
	}
	w.Logo, w.LogoType, err = shrinkLogo(content)
	return w, err
}

// wrongLogo is an error of the logo's field.
func wrongLogo(wrong surveys.FieldError) error {
	wrong.Path = "logo"
	return surveys.Wrong(wrong)
}

// readFile reads an uploaded file.
func readFile(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open the uploaded file: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read the uploaded file: %w", err)
	}
	return content, nil
}

// shrinkLogo decodes a picture and draws it anew, so small that it fits. Only
// what was decoded is kept: no damage, no other file hidden behind the picture,
// no place where it was taken.
func shrinkLogo(content []byte) (picture []byte, kind string, err error) {
	kind = http.DetectContentType(content)
	config, decode := png.DecodeConfig, png.Decode
	switch kind {
	case "image/png":
	case "image/jpeg":
		config, decode = jpeg.DecodeConfig, jpeg.Decode
	default:
		return nil, "", wrongLogo(surveys.FieldError{Code: "logo_kind"})
	}
	size, err := config(bytes.NewReader(content))
	if err != nil || size.Width < 1 || size.Height < 1 {
		return nil, "", wrongLogo(surveys.FieldError{Code: "logo_damaged"})
	}
	// Before decoding: a small file can say that it holds a huge picture.
	if size.Width > maxLogoPixels/size.Height {
		return nil, "", wrongLogo(surveys.FieldError{Code: "logo_pixels", Args: map[string]any{"width": size.Width, "height": size.Height}})
	}
	source, err := decode(bytes.NewReader(content))
	if err != nil {
		return nil, "", wrongLogo(surveys.FieldError{Code: "logo_damaged"})
	}
	if picture, err = fit(source, kind); err != nil {
		return nil, "", err
	}
	return picture, kind, nil
}

// fit encodes a picture as large as the pages show it, or as much smaller as it
// takes to stay within logoBytes.
func fit(source image.Image, kind string) ([]byte, error) {
	at := source.Bounds().Size()
	width, height := logoWidth, logoHeight
	for {
		var encoded bytes.Buffer
		drawn := shrink(source, within(at, width, height))
		var err error
		if kind == "image/jpeg" {
			err = jpeg.Encode(&encoded, drawn, &jpeg.Options{Quality: 80})
		} else {
			encoder := png.Encoder{CompressionLevel: png.BestCompression}
			err = encoder.Encode(&encoded, drawn)
		}
		if err != nil {
			return nil, fmt.Errorf("encode the logo: %w", err)
		}
		if encoded.Len() <= logoBytes {
			return encoded.Bytes(), nil
		}
		width, height = width*3/4, height*3/4 // ends: a few pixels always fit
	}
}

// within is the largest size in a box with the proportions of a picture, which
// is never made larger.
func within(size image.Point, width, height int) image.Point {
	scale := min(1, float64(width)/float64(size.X), float64(height)/float64(size.Y))
	return image.Pt(max(1, int(float64(size.X)*scale+0.5)), max(1, int(float64(size.Y)*scale+0.5)))
}

// shrink draws a picture smaller: each new pixel is the mean of the old ones
// that it covers, weighted by how opaque they are.
func shrink(source image.Image, size image.Point) image.Image {
	from := source.Bounds()
	drawn := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			box := image.Rect(x*from.Dx()/size.X, y*from.Dy()/size.Y, (x+1)*from.Dx()/size.X, (y+1)*from.Dy()/size.Y).Add(from.Min)
			drawn.Set(x, y, mean(source, box))
		}
	}
	return drawn
}

// mean is the colour of a part of a picture.
func mean(source image.Image, box image.Rectangle) color.Color {
	var red, green, blue, alpha, n uint64
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, g, b, a := source.At(x, y).RGBA() // already weighted by a
			red, green, blue, alpha, n = red+uint64(r), green+uint64(g), blue+uint64(b), alpha+uint64(a), n+1
		}
	}
	return color.RGBA64{R: uint16(red / n), G: uint16(green / n), B: uint16(blue / n), A: uint16(alpha / n)}
}
