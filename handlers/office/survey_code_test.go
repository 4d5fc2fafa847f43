package office

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestSurveyCodeLeadsToTheSurvey reads both pictures as a phone does.
func TestSurveyCodeLeadsToTheSurvey(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, m := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), x.as(surveys.Viewer)
	for kind, draw := range map[string]func(t *testing.T, body []byte) image.Image{"svg": drawn, "png": decoded} {
		address := "/surveys/" + survey.ID + "/code." + kind
		p := m.download(address)
		if got := read(t, draw(t, p.Body.Bytes())); !strings.HasSuffix(got, "/s/"+survey.PublicID(x.w.Key)) || !strings.HasPrefix(got, "http") {
			t.Errorf("%s says %q", kind, got)
		}
		if p.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s is not shown in place", kind)
		}
		if name := m.download(address + "?save").Header().Get("Content-Disposition"); name != fmt.Sprintf(`attachment; filename="survey-%s.%s"`, survey.Key, kind) {
			t.Errorf("%s is kept as %s", kind, name)
		}
	}
	m.get("/surveys/" + survey.ID + "/code.gif").want(http.StatusNotFound)
	m.get("/surveys/" + storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS).ID + "/code.svg").want(http.StatusNotFound)
}

func read(t *testing.T, picture image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := reader.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

func decoded(t *testing.T, body []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// drawn draws the rectangles of the path, eight pixels a module.
func drawn(t *testing.T, body []byte) image.Image {
	t.Helper()
	side := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindSubmatch(body)
	if side == nil {
		t.Fatalf("no picture: %s", body)
	}
	const module = 8
	n, _ := strconv.Atoi(string(side[1]))
	picture := image.NewGray(image.Rect(0, 0, n*module, n*module))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for _, part := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllSubmatch(body, -1) {
		var at [3]int
		for i := range at {
			at[i], _ = strconv.Atoi(string(part[i+1]))
		}
		for x := at[0] * module; x < (at[0]+at[2])*module; x++ {
			for y := at[1] * module; y < (at[1]+1)*module; y++ {
				picture.SetGray(x, y, color.Gray{})
			}
		}
	}
	return picture
}
