package northwind

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// logoSize is the logo's width and height in pixels.
const logoSize = 128

// logo draws a coffee bean on a disc, as PNG.
func logo() ([]byte, error) {
	var (
		clear = color.NRGBA{}
		brown = color.NRGBA{R: 0x6b, G: 0x3f, B: 0x1d, A: 0xff}
		cream = color.NRGBA{R: 0xf6, G: 0xec, B: 0xdd, A: 0xff}
	)
	picture := image.NewPaletted(image.Rect(0, 0, logoSize, logoSize), color.Palette{clear, brown, cream})
	for y := range logoSize {
		for x := range logoSize {
			// u and v run from −1 to 1 along axes that lean by 45 degrees.
			dx, dy := float64(2*x-logoSize+1)/logoSize, float64(2*y-logoSize+1)/logoSize
			u, v := (dx+dy)*0.7071, (dx-dy)*0.7071
			seam := v - 0.22*u*(1-u*u*2)
			switch {
			case dx*dx+dy*dy > 1:
			case u*u/0.42+v*v/0.2 > 1, seam > -0.05 && seam < 0.05:
				picture.SetColorIndex(x, y, 1)
			default:
				picture.SetColorIndex(x, y, 2)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("draw the logo: %w", err)
	}
	return out.Bytes(), nil
}
