package text

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

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
