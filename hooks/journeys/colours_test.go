package journeys_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// colour is linear red, green and blue, 0 to 1.
type colour [3]float64

// palette is a set of tokens by name, without the two dashes.
type palette map[string]colour

var tokenLine = regexp.MustCompile(`--([a-z0-9-]+):\s*#([0-9a-f]{6});`)

// palettes reads the light tokens, and the dark ones laid over them.
func palettes(t *testing.T) map[string]palette {
	t.Helper()
	raw := check.Must(os.ReadFile(filepath.Join(testkit.Root(), "pb_public", "css", "tokens.css")))
	blocks := strings.Split(string(raw), " color-scheme: ")
	if len(blocks) != 4 {
		t.Fatalf("tokens.css has %d blocks of colours, want light, dark by system and dark by choice", len(blocks)-1)
	}
	light := palette{}
	light.read(t, blocks[1])
	bySystem, byChoice := palette{}, palette{}
	bySystem.read(t, blocks[2])
	byChoice.read(t, blocks[3])
	check.Equal(t, "dark by system and dark by choice differ", fmt.Sprint(bySystem), fmt.Sprint(byChoice))
	dark := palette{}
	for _, from := range []palette{light, bySystem} {
		for name, c := range from {
			dark[name] = c
		}
	}
	return map[string]palette{"light": light, "dark": dark}
}

func (p palette) read(t *testing.T, css string) {
	t.Helper()
	for _, m := range tokenLine.FindAllStringSubmatch(css, -1) {
		n := check.Must(strconv.ParseUint(m[2], 16, 32))
		p[m[1]] = colour{linear(n >> 16), linear(n >> 8 & 255), linear(n & 255)}
	}
	if len(p) < 15 {
		t.Fatalf("only %d colours read", len(p))
	}
}

// linear undoes the curve of sRGB.
func linear(channel uint64) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// contrast is WCAG's ratio of two colours, 1 to 21.
func contrast(a, b colour) float64 {
	light, dark := a.luminance(), b.luminance()
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func (c colour) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// pairs are the colours that meet on pages, and the contrast each needs: 4.5 for
// text, 3 for what only has to be made out.
var pairs = []struct {
	front, back string
	least       float64
}{
	{"ink", "paper", 4.5}, {"ink", "surface", 4.5}, {"ink", "surface-2", 4.5},
	{"ink-2", "paper", 4.5}, {"ink-2", "surface", 4.5}, {"ink-2", "surface-2", 4.5},
	{"ink", "warn-soft", 4.5}, {"ink", "bad-soft", 4.5}, {"ink", "ok-soft", 4.5},
	{"action", "paper", 4.5}, {"action", "surface", 4.5}, {"action", "surface-2", 4.5}, {"action", "action-soft", 4.5},
	{"action-strong", "paper", 4.5}, {"action-strong", "surface", 4.5},
	{"on-action", "action", 4.5}, {"on-action", "action-strong", 4.5},
	{"on-brand", "brand", 4.5}, {"on-brand-2", "brand", 4.5}, {"on-brand", "brand-hover", 4.5},
	{"on-focus", "focus", 4.5}, {"on-person", "person", 4.5},
	{"ok", "ok-soft", 4.5}, {"warn", "warn-soft", 4.5}, {"bad", "bad-soft", 4.5},
	{"ok", "surface", 4.5}, {"warn", "surface", 4.5}, {"bad", "surface", 4.5}, {"bad", "paper", 4.5},
	{"line-strong", "surface", 3}, {"line-strong", "paper", 3}, {"focus", "brand", 3},
}

func TestColours_LightAndDark_EnoughContrast(t *testing.T) {
	for scheme, p := range palettes(t) {
		for _, pair := range pairs {
			front, known := p[pair.front]
			back, alsoKnown := p[pair.back]
			if !known || !alsoKnown {
				t.Fatalf("%s: no colour %s or %s", scheme, pair.front, pair.back)
			}
			if ratio := contrast(front, back); ratio < pair.least {
				t.Errorf("%s: %s on %s has contrast %.2f, less than %.1f", scheme, pair.front, pair.back, ratio, pair.least)
			}
		}
		for _, helix := range helices {
			if ratio := contrast(p["helix-"+helix], p["surface"]); ratio < 3 {
				t.Errorf("%s: %s on a surface has contrast %.2f, less than 3", scheme, helix, ratio)
			}
			if ratio := contrast(p["on-helix"], p["helix-"+helix]); ratio < 3 {
				t.Errorf("%s: an icon on %s has contrast %.2f, less than 3", scheme, helix, ratio)
			}
		}
	}
}

var helices = []string{"government", "university", "business", "community", "media"}

// leastApart is how far two helices stay apart at least, in hundredths of OKLab,
// however somebody sees colours. Below about 10, people mistake them.
const leastApart = 14

// eyes turn what is shown into what is seen: the full colour deficiencies of
// Machado, Oliveira and Fernandes (2009), on linear light.
var eyes = map[string][3]colour{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// times multiplies a matrix with a colour.
func times(m [3]colour, c colour) (out colour) {
	for i, row := range m {
		out[i] = row[0]*c[0] + row[1]*c[1] + row[2]*c[2]
	}
	return out
}

// seen is a colour as such eyes see it; no screen shows less than nothing.
func seen(m [3]colour, c colour) colour {
	out := times(m, c)
	for i := range out {
		out[i] = min(max(out[i], 0), 1)
	}
	return out
}

// oklab is Ottosson's space, in which distances are what people see.
func oklab(c colour) colour {
	cones := times([3]colour{
		{0.4122214708, 0.5363325363, 0.0514459929},
		{0.2119034982, 0.6806995451, 0.1073969566},
		{0.0883024619, 0.2817188376, 0.6299787005},
	}, c)
	for i := range cones {
		cones[i] = math.Cbrt(cones[i])
	}
	return times([3]colour{
		{0.2104542553, 0.7936177850, -0.0040720468},
		{1.9779984951, -2.4285922050, 0.4505937099},
		{0.0259040371, 0.7827717662, -0.8086757660},
	}, cones)
}

// apart is the distance of two colours in hundredths of OKLab.
func apart(a, b colour) float64 {
	x, y := oklab(a), oklab(b)
	return 100 * math.Sqrt(math.Pow(x[0]-y[0], 2)+math.Pow(x[1]-y[1], 2)+math.Pow(x[2]-y[2], 2))
}

func TestColours_Helices_DistinctForColourBlind(t *testing.T) {
	for scheme, p := range palettes(t) {
		nearest := math.Inf(1)
		for eye, m := range eyes {
			for i, a := range helices {
				for _, b := range helices[:i] {
					d := apart(seen(m, p["helix-"+a]), seen(m, p["helix-"+b]))
					nearest = min(nearest, d)
					check.That(t, d >= leastApart, "%s, %s: %s and %s are only %.1f apart", scheme, eye, a, b, d)
				}
			}
		}
		t.Logf("%s: the two nearest helices are %.1f apart", scheme, nearest)
	}
}

func TestColours_Distance_ReferenceValues(t *testing.T) {
	white, black := colour{1, 1, 1}, colour{}
	if d := apart(white, black); math.Abs(d-100) > 0.1 {
		t.Errorf("white and black are %.2f apart, want 100", d)
	}
	if d := contrast(white, black); math.Abs(d-21) > 0.01 {
		t.Errorf("white on black has contrast %.2f, want 21", d)
	}
	red, green := colour{1, 0, 0}, colour{0, 0.35, 0}
	if plain, weak := apart(red, green), apart(seen(eyes["deuteranopia"], red), seen(eyes["deuteranopia"], green)); weak > plain/2 {
		t.Errorf("red and green stay %.1f of %.1f apart without green cones", weak, plain)
	}
}
