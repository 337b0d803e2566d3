package contributions

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"net/http"
	"slices"
	"sync"

	// The kinds of pictures that are read; all are written as JPEG.
	_ "image/png"

	scale "golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

const (
	// maxPixels bounds the memory that reading a picture takes.
	maxPixels = 40_000_000
	// maxSide and quality make a photo that is good on a page and light on the line.
	maxSide = 1600
	quality = 80
)

// Why a picture is not taken.
var (
	errNotReadable = errors.New("contributions: not a readable picture")
	errTooLarge    = errors.New("contributions: more pixels than are read")
)

// darkroom lets one picture be read at a time: forty megapixels take up to 300 MB.
var darkroom sync.Mutex

var pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}

// isPicture looks at the content; a file's name can say anything.
func isPicture(raw []byte) bool { return slices.Contains(pictureTypes, http.DetectContentType(raw)) }

func isPDF(raw []byte) bool { return http.DetectContentType(raw) == "application/pdf" }

// develop makes a new JPEG of a picture: upright, at most maxSide long, and
// with nothing of the old file but what can be seen. Where it was taken, when
// and with what stays behind.
func develop(raw []byte) ([]byte, error) {
	about, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, errNotReadable
	}
	if about.Width <= 0 || about.Height <= 0 || about.Width > maxPixels/about.Height {
		return nil, errTooLarge
	}
	darkroom.Lock()
	defer darkroom.Unlock()
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, errNotReadable
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, upright(shrink(picture), orientation(raw)), &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// shrink draws a picture on white paper, smaller if its longer side asks for it.
func shrink(picture image.Image) *image.RGBA {
	size := picture.Bounds().Size()
	if longer := max(size.X, size.Y); longer > maxSide {
		size.X = max(1, size.X*maxSide/longer)
		size.Y = max(1, size.Y*maxSide/longer)
	}
	paper := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(paper, paper.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	scale.BiLinear.Scale(paper, paper.Bounds(), picture, picture.Bounds(), draw.Over, nil)
	return paper
}

// upright turns a picture the way the camera was held; how is the number that
// cameras write, 1 to 8.
func upright(picture *image.RGBA, how int) *image.RGBA {
	if how < 2 || how > 8 {
		return picture
	}
	size := picture.Bounds().Size()
	w, h := size.X, size.Y
	turned := image.NewRGBA(image.Rect(0, 0, w, h))
	if how >= 5 {
		turned = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	places := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return h - 1 - y, x },
		7: func(x, y int) (int, int) { return h - 1 - y, w - 1 - x },
		8: func(x, y int) (int, int) { return y, w - 1 - x },
	}
	place := places[how]
	for y := range h {
		for x := range w {
			toX, toY := place(x, y)
			turned.SetRGBA(toX, toY, picture.RGBAAt(x, y))
		}
	}
	return turned
}
