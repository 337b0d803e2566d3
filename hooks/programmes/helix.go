package programmes

import (
	"slices"

	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// Helices are the five parties in the order in which they are always shown.
var Helices = []string{"government", "university", "business", "community", "media"}

// HelixRank is the place of a helix in the fixed order; an unknown one comes last.
func HelixRank(helix string) int {
	if i := slices.Index(Helices, helix); i >= 0 {
		return i
	}
	return len(Helices)
}

// HelixLabel is the reader's word for a helix, "" for none.
func HelixLabel(language, helix string) string {
	if helix == "" {
		return ""
	}
	return lang.T(language, "organisations.helix."+helix)
}

// HelixOptions offers the five parties, each with its icon.
func HelixOptions(language string) []web.Option {
	options := make([]web.Option, 0, len(Helices))
	for _, helix := range Helices {
		options = append(options, web.Option{Value: helix, Label: HelixLabel(language, helix), Icon: helix})
	}
	return options
}
