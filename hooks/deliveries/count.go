package deliveries

import (
	"simpul/hooks/access"
	"simpul/hooks/programmes"
)

// mostShown is how many people the page of those to tell shows.
const mostShown = 30

// Unreached counts the people of a programme whom the team has to tell over
// WhatsApp: exactly those on the page that it leads to.
func Unreached(d *access.Door, p *programmes.Programme) (int, error) {
	people, err := waiting(d, p, false)
	return len(people), err
}

// Queue is whom the team of one programme has to tell over WhatsApp.
type Queue struct {
	Name, URL string
	Count     int
}

// ToTell counts them in programmes in whose team the reader is; those with nobody
// to tell are left out.
func ToTell(d *access.Door, led []string) (queues []Queue, err error) {
	for _, id := range led {
		p, err := programmes.ByID(d, id)
		if err != nil {
			return nil, err
		}
		n, err := Unreached(d, p)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			queues = append(queues, Queue{Name: p.Name(), URL: byHandURL(p), Count: n})
		}
	}
	return queues, nil
}

func byHandURL(p *programmes.Programme) string { return p.URL() + "/deliveries/by-hand" }
