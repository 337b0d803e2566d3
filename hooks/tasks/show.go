package tasks

import (
	"html/template"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// remark is one comment as the part "comment" shows it.
type remark struct {
	ID, Who, When string
	Body          template.HTML
}

// looks of the buttons that lead to each state.
var looks = map[string]step{
	Done:       {Icon: "tick", Kind: "primary"},
	InProgress: {Icon: "arrow-right"},
	Waiting:    {Icon: "clock"},
	Cancelled:  {Kind: "quiet"},
	Todo:       {Icon: "arrow-left"},
}

// nextStates are the states a button leads to; calling a task off, and back, is
// the team's, a partner says that it cannot.
var nextStates = map[string][]string{
	Todo:       {Done, InProgress, Waiting, Cancelled},
	InProgress: {Done, Waiting, Todo, Cancelled},
	Waiting:    {Done, InProgress, Cancelled},
	Done:       {Todo},
	Cancelled:  {Todo},
}

// steps are the buttons that move the task on.
func (s *sight) steps(language string) []step {
	out := []step{}
	for _, code := range nextStates[s.task.State()] {
		if (code == Cancelled || s.task.State() == Cancelled) && !s.p.Roles.Team {
			continue
		}
		look := looks[code]
		look.Code, look.Label = code, lang.T(language, "tasks.step."+code)
		if code == Todo && !s.task.Open() {
			look.Label = lang.T(language, "tasks.step.reopen")
		}
		out = append(out, look)
	}
	return out
}

// replies are the answers still to be given, while there is something to do.
func (s *sight) replies(language string) []step {
	if !s.task.Open() {
		return nil
	}
	out := []step{}
	for _, code := range replies {
		if code != s.task.Reply() || code != Accepted {
			out = append(out, step{Code: code, Label: lang.T(language, "tasks.reply."+code)})
		}
	}
	return out
}

// remarks are the comments which the reader may read, the oldest first.
func (s *sight) remarks(language string) ([]remark, error) {
	comments, err := s.d.List("comments", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"comments.task": s.task.ID()}).OrderBy("comments.created", "comments.rowid").Limit(200)
	})
	if err != nil {
		return nil, err
	}
	if err := s.d.With(comments, "author"); err != nil {
		return nil, err
	}
	out := make([]remark, 0, len(comments))
	for _, c := range comments {
		when := lang.Moment(language, c.GetDateTime("created").Time(), s.p.Zone())
		if c.GetString("visibility") == "team" {
			when += " · " + lang.T(language, "comments.visibility.team")
		}
		out = append(out, remark{ID: c.Id, Who: s.author(language, c), When: when, Body: page.Rich(c, "body_html")})
	}
	return out, nil
}

// author names who wrote a comment. Partners do not see each other's names:
// then the organisation that owns the task speaks.
func (s *sight) author(language string, c *core.Record) string {
	switch author := c.ExpandedOne("author"); {
	case author != nil:
		return author.GetString("name")
	case c.GetString("author") == "":
		return lang.T(language, "comments.the_hub")
	}
	return s.owner().Name
}
