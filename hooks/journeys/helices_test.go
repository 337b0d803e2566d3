package journeys_test

import (
	"math"
	"testing"
)

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

func TestHelicesAreToldApartByAllEyes(t *testing.T) {
	for scheme, p := range palettes(t) {
		nearest := math.Inf(1)
		for eye, m := range eyes {
			for i, a := range helices {
				for _, b := range helices[:i] {
					d := apart(seen(m, p["helix-"+a]), seen(m, p["helix-"+b]))
					nearest = min(nearest, d)
					if d < leastApart {
						t.Errorf("%s, %s: %s and %s are only %.1f apart", scheme, eye, a, b, d)
					}
				}
			}
		}
		t.Logf("%s: the two nearest helices are %.1f apart", scheme, nearest)
	}
}

func TestDistanceIsMeasuredAsOthersDo(t *testing.T) {
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
