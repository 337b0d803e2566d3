package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

func TestAPageBehindTheEndLeadsToTheFirst(t *testing.T) {
	w := newWorld(t)
	for path, query := range map[string]string{
		"/programmes/kopi/tasks": "page=999", "/tasks": "page=999", "/programmes/kopi/contributions": "page=999",
		"/programmes/kopi/meetings": "when=past&page=999", "/programmes": "page=999", "/organisations": "page=999",
	} {
		page := w.As(w.Initiator).Get(path + "?" + query).Want(http.StatusOK)
		check.Equal(t, path, page.Text(".empty-list h3"), "Daftarnya tidak sepanjang itu")
		first := page.Doc().Find(".empty-list a").AttrOr("href", "")
		if !strings.HasPrefix(first, path) || strings.Contains(first, "999") || page.Doc().Find(".pager, ul.rows").Length() != 0 {
			t.Errorf("%s leads to %s", path, first)
		}
		check.Lacks(t, first+" is behind the end too", w.As(w.Initiator).Get(first).Want(http.StatusOK).Text("main"), "Daftarnya tidak sepanjang itu")
	}
}
