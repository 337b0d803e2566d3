#!/usr/bin/env python3
"""Lists every letter of a year, from the words of the rules and nothing of the hub's code.

Run it in its folder: python3 year.py > year.csv. It reads input.json and needs no more than Python 3.9 with its zoneinfo.

The words:
- A rule says on which day, so many days or workdays before or after a day, and at which hour of the recipient's clock. An
  hour of its own, that is any but 08:00, is kept; else the person's hour counts, else the organisation's, the programme's.
- Workdays are Monday to Friday without the holidays of the programme's province.
- A day that is a holiday, or a weekend for who rests then, is left: by a rule that looks ahead for an earlier day, by one
  that looks back for a later one. What is mandatory only leaves days without any mail.
- Hours are counted from the hour of a meeting, whatever day that is.
- Two letters about one thing to one person that fall on one day become one, that of the later rule; hours do not.
- A programme's own rules of a kind stand in the place of the hub's.
- When its moment comes a letter waits while the person may not be written to: on a day without mail; and unless it is
  mandatory on a holiday, on a weekend for who rests, before 06:00, from 20:00 on, on Fridays from 11:30 to 13:00. After a
  whole day it leaves at the person's hour, after an hour as soon as it may. It is not sent if it is useless by then.
- It is useful until the end of so many days after its day, until the meeting begins, or else for 72 hours; for a day at least
  when that end comes before its own moment.
"""
import csv
import datetime as dt
import hashlib
import json
import sys
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
UTC = dt.timezone.utc


def read(name):
    with open(name, "rb") as file:
        return file.read()


INPUT = json.loads(read("input.json"))
PROGRAMMES = {p["name"]: p for p in INPUT["programmes"]}
BEGINS = dt.datetime.fromisoformat(INPUT["begins"].replace("Z", "+00:00"))
ENDS = BEGINS + INPUT["days"] * DAY


def day(text):
    return dt.date.fromisoformat(text)


def clock(text):
    return dt.time.fromisoformat(text)


def holidays(programme, only_silent=False):
    there = ("", programme["province"])
    return {day(h["on"]) for h in INPUT["holidays"] if h["province"] in there and (h["no_mail"] or not only_silent)}


def weekend(d):
    return d.isoweekday() > 5


def counted(anchor, n, workdays, free):
    if not workdays:
        return anchor + n * DAY
    step = DAY if n > 0 else -DAY
    while n:
        anchor += step
        if not weekend(anchor) and anchor not in free:
            n -= 1 if n > 0 else -1
    return anchor


def subjects():
    """Yields what rules speak of: kind, name, programme, anchors as (name of the anchor, day, instant or nothing)."""
    for t in INPUT["tasks"]:
        for kind in ("task_due", "task_overdue"):
            yield kind, t["name"], t["programme"], [("task.due_on", day(t["due_on"]), None)]
    for m in INPUT["milestones"]:
        yield "milestone_due", m["name"], m["programme"], [("milestone.due_on", day(m["due_on"]), None)]
    for m in INPUT["meetings"]:
        starts = dt.datetime.fromisoformat(m["starts"]).replace(tzinfo=ZoneInfo(PROGRAMMES[m["programme"]]["zone"]))
        yield "meeting_soon", m["name"], m["programme"], [("meeting.starts_at", starts.date(), starts)]
    for p in INPUT["programmes"]:
        runs = lambda d: day(p["starts_on"]) <= d <= day(p["ends_on"])
        yield "programme_date", p["name"], p["name"], [("programme.ends_on", day(p["ends_on"]), None)]
        months = [dt.date(y, m, 1) for y in (2027, 2028) for m in range(1, 13)]
        prompts = [first.replace(day=25) for first in months]
        yield "contribution_prompt", p["name"], p["name"], [("contribution.month_day", d, None) for d in prompts if runs(d)]
    for i in INPUT["indicators"]:
        p = PROGRAMMES[i["programme"]]
        firsts = [dt.date(y, m, 1) for y in (2027, 2028, 2029) for m in range(1, 13)]
        lasts = [first - DAY for first in firsts if day(p["starts_on"]) <= first - DAY <= day(p["ends_on"])]
        yield "indicator_due", i["name"], i["programme"], [("indicator.period_end", d, None) for d in lasts]


def rules(kind, programme):
    ours = [r for r in INPUT["rules"] if r["kind"] == kind and r["programme"] in ("", programme)]
    own = [r for r in ours if r["programme"]]
    return own or ours


def people(rule, programme):
    return [p for p in INPUT["people"] if p["programme"] == programme and p["role"] in rule["audience"]]


def hour_of(person, programme):
    return person["send_at"] or person["organisation_send_at"] or programme["send_at"] or "08:00"


def zone_of(person, programme):
    return ZoneInfo(person["zone"] or programme["zone"])


def candidates(rule, person, programme, anchor):
    """Yields (occurrence, day it counts for or nothing, moment) of one rule about one anchor."""
    name, mark, instant = anchor
    free, silent = holidays(programme), holidays(programme, True)
    if rule["offset_hours"]:
        n = rule["offset_hours"]
        yield f"{instant:%Y-%m-%dT%H:%M}{n:+d}h", None, instant + dt.timedelta(hours=n)
        return
    for again in range(rule["repeat_max"] + 1):
        n = rule["offset_days"] + again * rule["repeat_every_days"]
        on = counted(mark, n, rule["workdays"], free)
        away = -DAY if n <= 0 else DAY
        while on in (silent if rule["mandatory"] else free) or person["weekend_off"] and not rule["mandatory"] and weekend(on):
            on += away
        at = rule["at"] if rule["at"] != "08:00" else hour_of(person, programme)
        yield f"{mark}{n:+d}", on, dt.datetime.combine(on, clock(at), zone_of(person, programme))


def useful_until(rule, anchor, programme, due):
    name, mark, instant = anchor
    if rule["useful_until"] == "":
        return due + 3 * DAY
    if rule["useful_until"] == "anchor" and instant:
        return instant
    days = 0 if rule["useful_until"] == "anchor" else int(rule["useful_until"])
    end = dt.datetime.combine(mark + (days + 1) * DAY, dt.time(), ZoneInfo(programme["zone"]))
    return end if end > due else due + DAY


def leaves(due, rule, person, programme):
    """Returns when a letter may leave, and what it waited for."""
    zone, because = zone_of(person, programme), ""
    at = due.astimezone(zone)
    while True:
        on, hour, whole, until = at.date(), at.time(), "", None
        if on in holidays(programme, True) or not rule["mandatory"] and on in holidays(programme):
            whole = "holiday"
        elif not rule["mandatory"] and person["weekend_off"] and weekend(on):
            whole = "weekend"
        elif not rule["mandatory"] and hour < dt.time(6):
            until = dt.datetime.combine(on, dt.time(6), zone)
        elif not rule["mandatory"] and hour >= dt.time(20):
            until = dt.datetime.combine(on + DAY, dt.time(6), zone)
        elif not rule["mandatory"] and on.isoweekday() == 5 and dt.time(11, 30) <= hour < dt.time(13):
            until = dt.datetime.combine(on, dt.time(13), zone)
        if whole:
            until = dt.datetime.combine(on + DAY, clock(hour_of(person, programme)), zone)
        if until is None:
            return at, because
        at, because = until, whole or "quiet"


def letters():
    for kind, subject, name, anchors in subjects():
        programme, days, found = PROGRAMMES[name], {}, []
        for rule in sorted(rules(kind, name), key=lambda r: r["offset_days"]):
            own = [(rule["anchor"], day(rule["on_day"]), None)] if rule["on_day"] else anchors
            for anchor in (a for a in own if a[0] == rule["anchor"]):
                for person in people(rule, name):
                    for occurrence, on, due in candidates(rule, person, programme, anchor):
                        letter = (rule, person, programme, anchor, occurrence, due)
                        if on is None:
                            found.append(letter)
                        else:
                            days[person["name"], on] = letter
        for letter in found + list(days.values()):
            yield subject, letter


def stamp(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    rows, alone, woken = [], {}, {}
    for subject, (rule, person, programme, anchor, occurrence, due) in letters():
        if not BEGINS < due <= ENDS:
            continue
        at, because = leaves(due, rule, person, programme)
        fate, moment = "leaves", at
        if at != due and at >= useful_until(rule, anchor, programme, due):
            fate, moment = "not", due
        elif at > ENDS:
            fate = "waits"
        rows.append([rule["name"], subject, person["name"], occurrence, stamp(due), fate, stamp(moment), because])
        if fate == "leaves" and not rule["mandatory"]:
            key = person["name"], at.date()
            alone[key] = alone.get(key, 0) + 1
            if because:
                woken[person["name"], at] = woken.get((person["name"], at), 0) + 1
    # More than three a day, or two that waited together, would be told together: the input is to keep clear of that.
    crowded = [k for k, n in alone.items() if n > 3] + [k for k, n in woken.items() if n > 1]
    if crowded:
        sys.exit(f"too many letters at once: {crowded}")
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["year.py", hashlib.sha256(read("year.py")).hexdigest()])
    out.writerow(["input.json", hashlib.sha256(read("input.json")).hexdigest()])
    out.writerow(["rule", "subject", "recipient", "occurrence", "due_at", "fate", "at", "because"])
    out.writerows(sorted(rows))


main()
