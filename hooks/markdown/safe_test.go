package markdown_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// permitted is what may stand on a page, written down once more so that a hole in the policy shows.
var permitted = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "strong": nil, "em": nil, "del": nil,
	"blockquote": nil, "ul": nil, "li": nil, "pre": nil, "code": nil, "table": nil, "thead": nil, "tbody": nil,
	"tr": nil, "ol": {"start"}, "th": {"align"}, "td": {"align"}, "a": {"href", "rel"},
	"input": {"type", "checked", "disabled", "aria-label"},
}

var void = []string{"br", "hr", "input"}

// faults reads HTML token by token, as no browser would repair it, and lists everything that must not be in it.
func faults(rendered string) []string {
	var found []string
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				found = append(found, "left open: "+strings.Join(open, " "))
			}
			return found
		case html.CommentToken, html.DoctypeToken:
			found = append(found, "comment or doctype: "+string(tokens.Raw()))
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			found = append(found, tagFaults(token)...)
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			name := tokens.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				return append(found, fmt.Sprintf("</%s> closes %v", name, open))
			}
			open = open[:len(open)-1]
		}
	}
}

func tagFaults(token html.Token) []string {
	attributes, known := permitted[token.Data]
	if !known {
		return []string{"element " + token.String()}
	}
	var found []string
	values := map[string]string{}
	for _, attribute := range token.Attr {
		values[attribute.Key] = attribute.Val
		if !slices.Contains(attributes, attribute.Key) {
			found = append(found, "attribute "+token.String())
		}
	}
	switch token.Data {
	case "a":
		if !linkIsPlain(values["href"]) || values["rel"] != "nofollow noreferrer" {
			found = append(found, "link "+token.String())
		}
	case "input":
		_, disabled := values["disabled"]
		_, checked := values["checked"]
		name := map[bool]string{true: "✓", false: "☐"}[checked]
		if values["type"] != "checkbox" || !disabled || values["aria-label"] != name {
			found = append(found, "input "+token.String())
		}
	}
	return found
}

func linkIsPlain(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, "\x00\t\n\r <>\"") {
		return false
	}
	switch parsed.Scheme {
	case "http", "https":
		return parsed.Host != "" && parsed.User == nil
	case "mailto", "tel":
		return true
	default:
		return false
	}
}
