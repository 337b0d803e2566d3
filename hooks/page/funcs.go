package page

import (
	"fmt"
	"html/template"
	"time"

	"simpul/hooks/lang"
)

// functions are what templates may call, bound to one language.
func functions(language string, files *assets) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return lang.T(language, key, args...) },
		"code":     func(field, code string) string { return label(language, field, code) },
		"has":      lang.Has,
		"number":   func(n any) string { return lang.Number(language, float(n)) },
		"money":    func(n any) string { return lang.Money(language, int64(float(n))) },
		"day":      func(day string) string { return lang.Day(language, day) },
		"dayLong":  func(day string) string { return lang.DayLong(language, day) },
		"dayShort": func(day string) string { return lang.DayShort(language, day) },
		"moment":   func(t time.Time, zone string) string { return lang.Moment(language, t, zone) },
		"span":     func(from, to time.Time, zone string) string { return lang.Span(language, from, to, zone) },
		"icon":     func(name string) template.HTML { return icon(files, name) },
		"asset":    files.url,
		"dict":     dict,
		"list":     func(values ...any) []any { return values },
	}
}

// label is the reader's word for a stored code, empty for no code.
func label(language, field, code string) string {
	if code == "" {
		return ""
	}
	return lang.T(language, field+"."+code)
}

func icon(files *assets, name string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="icon" aria-hidden="true"><use href="%s#%s"></use></svg>`,
		files.url("img/icons.svg"), template.HTMLEscapeString(name)))
}

// dict gathers named values for a part: {{template "empty" dict "Title" … }}.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a name without a value")
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is not a name", pairs[i])
		}
		out[name] = pairs[i+1]
	}
	return out, nil
}

func float(n any) float64 {
	switch v := n.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	case int64:
		return float64(v)
	}
	return 0
}
