// Simpul Lima hosts collaborations of government, universities, business,
// community and media: one binary with everything in it.
package main

import (
	"embed"
	"fmt"
	"io/fs"
	"log"
	"os"

	"simpul/hooks"
	"simpul/hooks/cmd"
	"simpul/hooks/web"
	_ "simpul/migrations"
)

//go:embed all:templates
var templates embed.FS

//go:embed all:pb_public
var public embed.FS

func main() {
	files, err := web.Load(sub(templates, "templates"), sub(public, "pb_public"))
	if err != nil {
		log.Fatal(err)
	}
	app := hooks.New()
	if err := hooks.Register(app, files); err != nil {
		log.Fatal(err)
	}
	cmd.AddCommands(app)
	if err := app.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func sub(files embed.FS, dir string) fs.FS {
	inner, err := fs.Sub(files, dir)
	if err != nil {
		log.Fatal(err)
	}
	return inner
}
