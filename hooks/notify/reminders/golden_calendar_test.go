package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/golden"
)

// The five things that happen to a meeting, each as the calendar of somebody invited is told it.
var happenings = []struct {
	name   string
	change func(p *post, m, a *core.Record)
}{
	{"1_create", func(*post, *core.Record, *core.Record) {}},
	{"2_move", func(p *post, m, _ *core.Record) {
		p.change(m, "starts_at", "2026-12-09 02:00:00.000Z", "ends_at", "2026-12-09 05:00:00.000Z")
	}},
	{"3_typo", func(p *post, m, _ *core.Record) { p.change(m, "title", "Rapat koordinasi kunjungan") }},
	{"4_cancel", func(p *post, m, _ *core.Record) { p.change(m, "status", "cancelled") }},
	{"5_call_anew", func(p *post, m, _ *core.Record) { p.change(m, "status", "scheduled") }},
	{"6_remove", func(p *post, _, a *core.Record) { p.remove(a) }},
}

func TestA16WhatCalendarsAreToldInEachZoneLooksAsAgreed(t *testing.T) {
	for zone, name := range map[string]string{"Asia/Jakarta": "wib", "Asia/Makassar": "wita", "Asia/Jayapura": "wit"} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			m, a := coordination(p, "title", "Rapat koordinasi: kunjungan rumah; laporan, évaluasi, dan rencana tindak lanjut “Desember”",
				"time_zone", zone, "place", "Balai Desa Sumberejo, Jl. Raya 5; lantai 2", "mode", "hybrid", "link", "https://example.org/r")
			hide := strings.NewReplacer(m.GetString("uid"), "UID", m.Id, "MEETING", m.Id[:5], "MEETI")
			told := ""
			for i, happening := range happenings {
				happening.change(p, m, a)
				left := p.tick("2026-11-23 1" + string(rune('0'+i)) + ":00")
				told += "== " + happening.name + "\r\n"
				for _, l := range left {
					l.Calendar(t)
					told += unfolded(l, hide)
				}
			}
			golden.Check(t, "calendar."+name+".txt", strings.ReplaceAll(told, "\r\n", "\n"))
		})
	}
}

// unfolded is an object with its lines whole, because where they break depends on ids that differ each time, and without
// the instants at which the database wrote.
func unfolded(l testkit.Post, hide *strings.Replacer) string {
	var out []string
	for line := range strings.SplitSeq(strings.ReplaceAll(l.Exact("text/calendar"), "\r\n ", ""), "\r\n") {
		if name, _, _ := strings.Cut(line, ":"); name == "CREATED" || name == "LAST-MODIFIED" {
			line = name + ":INSTANT"
		}
		out = append(out, hide.Replace(line))
	}
	return strings.Join(out, "\r\n")
}
