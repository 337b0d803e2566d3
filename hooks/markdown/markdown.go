package markdown

import (
	"bytes"
	"errors"
	"html"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extended "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	htmlrenderer "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown parses and renders; it holds no state and is used by many requests at once.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"})),
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough,
		extension.TaskList,
	),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tidy{}, 100))),
	goldmark.WithRendererOptions(
		// Minutes are typed line by line, so a line end is meant as one.
		htmlrenderer.WithHardWraps(),
		renderer.WithNodeRenderers(util.Prioritized(house{}, 100)),
	),
)

// render never fails: whatever goes wrong inside the parser, the reader gets the text as typed.
func render(source string) (rendered string) {
	defer func() {
		if recover() != nil {
			rendered = asTyped(source)
		}
	}()
	document := parse(source)
	if tooDeep(document) {
		return asTyped(source)
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, []byte(source), document); err != nil {
		return asTyped(source)
	}
	rendered = policy.SanitizeReader(&out).String()
	if len(rendered) > MaxRendered {
		return asTyped(source)
	}
	return rendered
}

func parse(source string) ast.Node {
	return markdown.Parser().Parse(text.NewReader([]byte(source)))
}

// house renders the few nodes that the hub shows differently from the standard renderer.
type house struct{}

// RegisterFuncs tells the renderer which nodes are rendered here.
func (h house) RegisterFuncs(registry renderer.NodeRendererFuncRegisterer) {
	registry.Register(ast.KindRawHTML, h.rawHTML)
	registry.Register(ast.KindHTMLBlock, h.htmlBlock)
	registry.Register(extended.KindTaskCheckBox, h.checkBox)
}

// rawHTML shows tags within a line as the characters typed, where the standard renderer would drop them.
func (house) rawHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeEscaped(w, source, node.(*ast.RawHTML).Segments)
	}
	return ast.WalkSkipChildren, nil
}

// htmlBlock shows a block of HTML as the lines typed.
func (house) htmlBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkSkipChildren, nil
	}
	block := node.(*ast.HTMLBlock)
	_, _ = w.WriteString("<pre>")
	writeEscaped(w, source, block.Lines())
	if block.HasClosure() {
		_, _ = w.WriteString(html.EscapeString(string(block.ClosureLine.Value(source))))
	}
	_, _ = w.WriteString("</pre>\n")
	return ast.WalkSkipChildren, nil
}

// checkBox gives the box of a task-list line a name that is the same in every language.
func (house) checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	state := ` aria-label="☐"`
	if node.(*extended.TaskCheckBox).IsChecked {
		state = ` checked="" aria-label="✓"`
	}
	_, _ = w.WriteString(`<input type="checkbox" disabled=""` + state + `> `)
	return ast.WalkContinue, nil
}

// Writing to the renderer's buffer cannot fail before it is flushed, so its errors say nothing.
func writeEscaped(w util.BufWriter, source []byte, lines *text.Segments) {
	for i := range lines.Len() {
		line := lines.At(i)
		_, _ = w.WriteString(html.EscapeString(string(line.Value(source))))
	}
}

// policy is the second wall: an allow-list applied to what the markdown renderer made. What is not named here does
// not reach a page or a message.
var policy = strict()

func strict() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "br", "hr", "h3", "h4", "h5", "h6", "strong", "em", "del", "blockquote",
		"ul", "ol", "li", "pre", "code", "table", "thead", "tbody", "tr", "th", "td",
	)
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^\d{1,9}$`)).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	p.AllowAttrs("aria-label").Matching(regexp.MustCompile(`^[✓☐]$`)).OnElements("input")
	p.AllowAttrs("href").OnElements("a")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowURLSchemeWithCustomPolicy("http", plainAddress)
	p.AllowURLSchemeWithCustomPolicy("https", plainAddress)
	p.AllowURLSchemes("mailto", "tel")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// plainAddress refuses an address such as https://kemensos.go.id@elsewhere.example, whose beginning deceives.
func plainAddress(address *url.URL) bool {
	return address.User == nil && address.Host != ""
}

// MaxLength is how many characters a markdown text may have.
const MaxLength = 20000

// MaxRendered is how many bytes HTML returns at most, so that a field of that size always holds a rendered text.
const MaxRendered = 200000

// ErrTooLong says that a text has more than MaxLength characters.
var ErrTooLong = errors.New("text is longer than 20,000 characters")

// budget is the time one text may take. Known costly shapes are turned away before; this catches unknown ones.
const budget = time.Second

// HTML renders markdown (CommonMark with GitHub's tables, task lists, strikethrough and bare links) as HTML that is
// safe to print unescaped. Only plain elements and links to http, https, mailto and tel survive; HTML typed by a
// person is shown as the characters typed; an image becomes a link to it. Headings start at level 3, below those
// of the page. A text that would cost too much, nests too deeply or grows too large is shown as typed inside <pre>.
// For one that is too long the error is ErrTooLong and the HTML empty.
func HTML(markdown string) (string, error) {
	source := normalise(markdown)
	if utf8.RuneCountInString(source) > MaxLength {
		return "", ErrTooLong
	}
	if costly(source) {
		return asTyped(source), nil
	}
	done := make(chan string, 1)
	go func() { done <- render(source) }()
	select {
	case rendered := <-done:
		return rendered, nil
	case <-time.After(budget):
		return asTyped(source), nil
	}
}

// normalise gives the text Unix line ends and valid UTF-8, which the parser takes for granted.
func normalise(markdown string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(markdown, "\r\n", "\n"), "\uFFFD")
}

func asTyped(source string) string {
	return "<pre>" + html.EscapeString(strings.ReplaceAll(source, "\x00", "\uFFFD")) + "</pre>\n"
}

// Headings of a text stand below the page's own title (1) and section (2).
const (
	firstLevel = 3
	lastLevel  = 6
)

// tidy adapts a parsed text to the page it will stand in: heading levels without gaps, links instead of images,
// and no link without words.
type tidy struct{}

// Transform is called by the parser once a text is parsed.
func (tidy) Transform(document *ast.Document, reader text.Reader, _ parser.Context) {
	level := firstLevel - 1
	var links []*ast.Link
	var images []*ast.Image
	// The walker returns only the errors of the function it is given, which has none.
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := node.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+firstLevel-1, level+1, lastLevel)
			level = n.Level
		case *ast.Link:
			links = append(links, n)
		case *ast.Image:
			images = append(images, n)
		}
		return ast.WalkContinue, nil
	})
	for _, image := range images {
		links = append(links, linkInstead(image)...)
	}
	for _, link := range links {
		nameByAddress(link)
	}
}

// linkInstead replaces an image by a link to it that bears the image's description. HTML allows no link within a
// link, so there only the description stays.
func linkInstead(image *ast.Image) []*ast.Link {
	parent := image.Parent()
	if insideLink(image) || holdsLink(image) {
		for child := image.FirstChild(); child != nil; child = image.FirstChild() {
			parent.InsertBefore(parent, image, child)
		}
		parent.RemoveChild(parent, image)
		return nil
	}
	link := ast.NewLink()
	link.Destination = image.Destination
	for child := image.FirstChild(); child != nil; child = image.FirstChild() {
		link.AppendChild(link, child)
	}
	parent.ReplaceChild(parent, image, link)
	return []*ast.Link{link}
}

// nameByAddress gives a link without words its address as words, since a reader by ear would hear nothing.
func nameByAddress(link *ast.Link) {
	if !link.HasChildren() {
		link.AppendChild(link, ast.NewString(link.Destination))
	}
}

func insideLink(node ast.Node) bool {
	for parent := node.Parent(); parent != nil; parent = parent.Parent() {
		if parent.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

func holdsLink(node ast.Node) bool {
	found := false
	_ = ast.Walk(node, func(inner ast.Node, _ bool) (ast.WalkStatus, error) {
		found = found || inner.Kind() == ast.KindLink || inner.Kind() == ast.KindAutoLink
		return ast.WalkContinue, nil
	})
	return found
}
