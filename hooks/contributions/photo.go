package contributions

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"net/http"
	"slices"
	"sync"

	"github.com/disintegration/imaging"
	_ "golang.org/x/image/webp" // read, as JPEG and PNG are; all are written as JPEG
)

const (
	// maxPixels bounds the memory that decoding takes.
	maxPixels = 40_000_000
	// maxSide and jpegQuality make a photo that is good on a page and small to send.
	maxSide     = 1600
	jpegQuality = 80
)

// Why a picture is refused.
var (
	errNotReadable = errors.New("contributions: not a readable picture")
	errTooLarge    = errors.New("contributions: more pixels than are decoded")
)

// decodeMu serialises decoding: a 40 MP photo needs about 290 MB.
var decodeMu sync.Mutex

var pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}

// isPicture reads the content; a file's name can say anything.
func isPicture(raw []byte) bool { return slices.Contains(pictureTypes, http.DetectContentType(raw)) }

func isPDF(raw []byte) bool { return http.DetectContentType(raw) == "application/pdf" }

// reencode makes a new JPEG of a picture: rotated as its EXIF orientation says, at most maxSide long, on white,
// and without any metadata of the old file.
func reencode(raw []byte) ([]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, errNotReadable
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return nil, errTooLarge
	}
	decodeMu.Lock()
	defer decodeMu.Unlock()
	picture, err := imaging.Decode(bytes.NewReader(raw), imaging.AutoOrientation(true))
	if err != nil {
		return nil, errNotReadable
	}
	small := imaging.Fit(picture, maxSide, maxSide, imaging.Linear)
	canvas := imaging.New(small.Bounds().Dx(), small.Bounds().Dy(), color.White)
	draw.Draw(canvas, canvas.Bounds(), small, image.Point{}, draw.Over)
	var out bytes.Buffer
	err = imaging.Encode(&out, canvas, imaging.JPEG, imaging.JPEGQuality(jpegQuality))
	return out.Bytes(), err
}
