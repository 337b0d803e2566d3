package deliveries

import (
	"strconv"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/reminders"
)

// mostShown is how many people a page of those to tell shows.
const mostShown = reminders.MostUnreached

// Unreached counts the people of a programme whom the team has to tell over
// WhatsApp: those of the first page that it leads to, and one more if there are
// others.
func Unreached(d *access.Door, p *programmes.Programme) (int, error) {
	people, err := waiting(d, p, mostShown+1, mostShown)
	return len(people), err
}

// Queue is whom the team of one programme has to tell over WhatsApp.
type Queue struct {
	Name, URL string
	Count     int
	// More says that there are more than the count.
	More bool
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
			queues = append(queues, Queue{Name: p.Name(), URL: byHandURL(p), Count: min(n, mostShown), More: n > mostShown})
		}
	}
	return queues, nil
}

func byHandURL(p *programmes.Programme) string { return p.URL() + "/deliveries/by-hand" }

// sheetURL is one page of whom the team has to tell.
func sheetURL(p *programmes.Programme, number int) string {
	if number <= 1 {
		return byHandURL(p)
	}
	return byHandURL(p) + "?page=" + strconv.Itoa(number)
}
