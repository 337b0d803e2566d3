package contributions

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// quarters is a picture whose four quarters are white, red, green and blue, so
// that it shows how it was turned.
func quarters(w, h int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{R: 255, G: 255, B: 255, A: 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.RGBA{R: 255, A: 255}
			case x < w/2 && y >= h/2:
				c = color.RGBA{G: 255, A: 255}
			case x >= w/2 && y >= h/2:
				c = color.RGBA{B: 255, A: 255}
			}
			picture.SetRGBA(x, y, c)
		}
	}
	return picture
}

func asJPEG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withEXIF writes into a JPEG what a phone writes: its orientation and a place.
func withEXIF(raw []byte, orientation uint16, order binary.ByteOrder) []byte {
	mark := "II"
	if order == binary.BigEndian {
		mark = "MM"
	}
	block := append([]byte("Exif\x00\x00"+mark), 0, 0, 0, 0, 0, 0)
	order.PutUint16(block[8:], 42)
	order.PutUint32(block[10:], 8)
	entry := make([]byte, 14)
	order.PutUint16(entry[0:], 1)      // one entry
	order.PutUint16(entry[2:], 0x0112) // orientation
	order.PutUint16(entry[4:], 3)
	order.PutUint32(entry[6:], 1)
	order.PutUint16(entry[10:], orientation)
	block = append(append(block, entry...), "GPSLatitude -6.9932 Semarang"...)
	segment := []byte{0xFF, 0xE1, byte((len(block) + 2) >> 8), byte(len(block) + 2)}
	out := append([]byte{}, raw[:2]...)
	out = append(append(out, segment...), block...)
	return append(out, raw[2:]...)
}

// corners names the colours of a picture's corners, from the upper left on.
func corners(t *testing.T, raw []byte) string {
	t.Helper()
	picture, kind, err := image.Decode(bytes.NewReader(raw))
	if err != nil || kind != "jpeg" {
		t.Fatalf("kept as %s: %v", kind, err)
	}
	b := picture.Bounds()
	out := ""
	for _, at := range []image.Point{{4, 4}, {b.Dx() - 5, 4}, {4, b.Dy() - 5}, {b.Dx() - 5, b.Dy() - 5}} {
		r, g, blue, _ := picture.At(at.X, at.Y).RGBA()
		switch {
		case r > 0xC000 && g > 0xC000 && blue > 0xC000:
			out += "w"
		case r > 0xC000:
			out += "r"
		case g > 0xC000:
			out += "g"
		default:
			out += "b"
		}
	}
	return out
}

func TestReencode_EveryOrientation_UprightWithoutMetadata(t *testing.T) {
	plain := asJPEG(t, quarters(120, 80))
	for orientation, want := range []string{"wrgb", "wrgb", "rwbg", "bgrw", "gbwr", "wgrb", "gwbr", "brgw", "rbwg", "wrgb"} {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			kept, err := reencode(withEXIF(plain, uint16(orientation), order))
			if err != nil {
				t.Fatal(err)
			}
			if got := corners(t, kept); got != want {
				t.Errorf("orientation %d (%v): corners %s, want %s", orientation, order, got, want)
			}
			for _, secret := range []string{"Exif", "GPS", "Semarang", "6.9932"} {
				if bytes.Contains(kept, []byte(secret)) {
					t.Errorf("orientation %d: %q survived", orientation, secret)
				}
			}
		}
	}
}

func TestReencode_LargePicture_LongerSideIsCapped(t *testing.T) {
	for _, c := range []struct{ w, h, wantW, wantH int }{
		{2000, 1500, 1600, 1200}, {500, 2000, 400, 1600}, {1600, 10, 1600, 10}, {20, 10, 20, 10}, {3000, 1, 1600, 1},
	} {
		kept, err := reencode(asPNG(t, quarters(c.w, c.h)))
		if err != nil {
			t.Fatal(err)
		}
		about, err := jpeg.DecodeConfig(bytes.NewReader(kept))
		if err != nil || about.Width != c.wantW || about.Height != c.wantH {
			t.Errorf("%d × %d became %d × %d, %v", c.w, c.h, about.Width, about.Height, err)
		}
	}
}

func TestReencode_TransparentPicture_WhiteBackground(t *testing.T) {
	kept, err := reencode(asPNG(t, image.NewRGBA(image.Rect(0, 0, 40, 40))))
	if err != nil {
		t.Fatal(err)
	}
	if got := corners(t, kept); got != "wwww" {
		t.Errorf("corners %s", got)
	}
}

// pngWithSize is a small PNG whose header says that it is of another size.
func pngWithSize(t *testing.T, w, h uint32) []byte {
	t.Helper()
	raw := asPNG(t, quarters(8, 8))
	binary.BigEndian.PutUint32(raw[16:], w)
	binary.BigEndian.PutUint32(raw[20:], h)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

func TestReencode_TooManyPixelsOrBroken_Refused(t *testing.T) {
	for _, size := range [][2]uint32{{8000, 5001}, {200_000, 200_000}, {60_000, 60_000}, {40_000_001, 1}} {
		if _, err := reencode(pngWithSize(t, size[0], size[1])); !errors.Is(err, errTooLarge) {
			t.Errorf("%d × %d: %v", size[0], size[1], err)
		}
	}
	whole := asJPEG(t, quarters(120, 80))
	for name, raw := range map[string][]byte{
		"nothing": nil, "text": []byte("no picture"), "a beginning": whole[:40], "half": append(whole[:200:200], make([]byte, 10)...),
		"no pixels": pngWithSize(t, 0, 0),
	} {
		if _, err := reencode(raw); err == nil {
			t.Errorf("%s passed as a picture", name)
		}
	}
}

func TestReencode_BrokenEXIF_KeptOrRefused(t *testing.T) {
	raw := withEXIF(asJPEG(t, quarters(16, 16)), 6, binary.LittleEndian)
	for at := range 80 {
		for _, b := range []byte{0x00, 0x7F, 0xFF} {
			broken := append([]byte{}, raw...)
			broken[at] = b
			if kept, err := reencode(broken); err == nil && !isPicture(kept) || err != nil && !errors.Is(err, errNotReadable) {
				t.Errorf("byte %d = %x: %d bytes, %v", at, b, len(kept), err)
			}
		}
		if _, err := reencode(raw[:at]); !errors.Is(err, errNotReadable) {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
}
