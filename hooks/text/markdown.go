package text

import (
	"bytes"
	"html"

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
