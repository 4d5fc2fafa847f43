package office

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	qrcode "github.com/skip2/go-qrcode"
)

// codeModule is the side of a code's module in its PNG, in pixels: sharp when
// it is printed as large as a hand.
const codeModule = 16

// surveyCode is the survey's public link as a QR code, in white and black
// whatever the page's colours: readers expect dark on light.
func (d *desk) surveyCode(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	code, err := qrcode.New(publicLink(v, survey), qrcode.Medium)
	if err != nil {
		return fmt.Errorf("draw the code of survey %s: %w", survey.ID, err)
	}
	kind := v.Param("kind")
	if v.QueryParams().Has("save") {
		v.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="survey-`+survey.Key+"."+kind+`"`)
	}
	switch kind {
	case "svg":
		return v.Blob(http.StatusOK, "image/svg+xml", []byte(codeSVG(code.Bitmap())))
	case "png":
		picture, err := code.PNG(-codeModule)
		if err != nil {
			return fmt.Errorf("draw the code of survey %s: %w", survey.ID, err)
		}
		return v.Blob(http.StatusOK, "image/png", picture)
	}
	return echo.ErrNotFound
}

// codeSVG draws the modules of a code, the quiet zone around them included. Those
// that lie side by side are one rectangle of the path.
func codeSVG(rows [][]bool) string {
	var path strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			begin := x
			for x < len(row) && row[x] {
				x++
			}
			if x > begin {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", begin, y, x-begin, x-begin)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="%[3]s"/></svg>`, len(rows), len(rows), path.String())
}
