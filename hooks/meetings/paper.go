package meetings

import (
	"errors"
	"strings"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// letterhead is that of the programme's owner, dated where and when people met.
func (s *sight) letterhead(language string) (letterhead, error) {
	head := letterhead{
		Programme: s.p.Name(),
		Place:     s.p.GetString("regency"),
		Day:       lang.DayDate(language, s.m.Hours().Day()),
	}
	owner, err := s.d.View("organisations", s.p.GetString("owner"))
	if errors.Is(err, access.ErrRefused) {
		return head, nil
	}
	if err != nil {
		return head, err
	}
	head.Owner = owner.GetString("name")
	reached := []string{}
	for _, field := range []string{"phone", "email", "website"} {
		if value := owner.GetString(field); value != "" {
			reached = append(reached, value)
		}
	}
	for _, line := range []string{owner.GetString("address"), strings.Join(reached, " · ")} {
		if line != "" {
			head.Lines = append(head.Lines, line)
		}
	}
	return head, nil
}

// signers are who chairs and who writes, with room for a name where none is known.
func (s *sight) signers(language string) ([]signer, error) {
	out := []signer{}
	for _, field := range []string{"chair", "taken_by"} {
		o, err := s.officer(field)
		if err != nil {
			return nil, err
		}
		out = append(out, signer{Role: lang.T(language, "meetings."+field), Name: o.Name, Position: o.Position})
	}
	return out, nil
}

// counted says how many were there, by helix: "12 orang: Pemerintah 8, Komunitas 4".
func counted(language string, list []attendee) string {
	parties := byHelix(language, list)
	parts := []string{}
	for _, p := range parties {
		if p.Present > 0 {
			parts = append(parts, p.Label+" "+lang.Number(language, float64(p.Present)))
		}
	}
	sentence := lang.T(language, "attendances.present", "n", present(parties))
	if len(parts) > 0 {
		sentence += ": " + strings.Join(parts, ", ")
	}
	return sentence
}
