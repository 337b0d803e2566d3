package tasks_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAPageBehindTheEndLeadsToTheFirst(t *testing.T) {
	w := newWorld(t)
	for path, query := range map[string]string{
		"/programmes/kopi/tasks": "page=999", "/tasks": "page=999", "/programmes/kopi/contributions": "page=999",
		"/programmes/kopi/meetings": "when=past&page=999", "/programmes": "page=999", "/organisations": "page=999",
	} {
		page := w.As(w.Initiator).Get(path + "?" + query).Want(http.StatusOK)
		if said := page.Text(".empty-list h3"); said != "Daftarnya tidak sepanjang itu" {
			t.Errorf("%s says %q", path, said)
		}
		first := page.Doc().Find(".empty-list a").AttrOr("href", "")
		if !strings.HasPrefix(first, path) || strings.Contains(first, "999") || page.Doc().Find(".pager, ul.rows").Length() != 0 {
			t.Errorf("%s leads to %s", path, first)
		}
		if again := w.As(w.Initiator).Get(first).Want(http.StatusOK); strings.Contains(again.Text("main"), "Daftarnya tidak sepanjang itu") {
			t.Errorf("%s is behind the end too", first)
		}
	}
}
