package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// people keeps each person's answers, by --person. Unlike all else of a score it
// grows with the file: by about 250 bytes a person.
type people struct {
	at      map[string]int32 // a person's place in answers
	answers [][11]uint32
	unknown surveys.Counts // of nobody known: each of them counts as a person
	waves   *waves         // nil without --compare
}

func newPeople() *people { return &people{at: make(map[string]int32)} }

// add counts an answer.
func (p *people) add(person string, day analysis.Day, score int) {
	person = strings.TrimSpace(person)
	if person == "" {
		p.unknown[score]++
		return
	}
	at, known := p.at[person]
	if !known {
		at = int32(len(p.answers))
		p.at[strings.Clone(person)] = at
		p.answers = append(p.answers, [11]uint32{})
	}
	p.answers[at][score]++
	if p.waves != nil {
		p.waves.add(int(at), day, score)
	}
}

// clustered is what is known of a score when its people are.
type clustered struct {
	People       int64    `json:"people"`
	Unknown      int64    `json:"unknown"`       // answers without a person, each counted as one
	DesignEffect *float64 `json:"design_effect"` // how many answers weigh as one; null when there are too few people to tell
	Effective    *float64 `json:"effective"`     // answers that the interval takes n for
	interval     *analysis.Interval
}

// report is the score with its interval, robust against people who answer often.
func (p *people) report(metric surveys.Metric, confidence float64) (*clustered, error) {
	sums := analysis.Repeats{Metric: metric}
	for i := range p.answers {
		var counts surveys.Counts
		for score, n := range p.answers[i] {
			counts[score] = int64(n)
		}
		if err := sums.Add(counts); err != nil {
			return nil, fmt.Errorf("add a person up: %w", err)
		}
	}
	if err := p.addUnknown(&sums); err != nil {
		return nil, err
	}
	found := &clustered{People: sums.People, Unknown: p.unknown.N()}
	score, err := sums.Score(confidence)
	var refusal *analysis.Refusal
	switch {
	case errors.As(err, &refusal):
		return found, nil
	case err != nil:
		return nil, err
	}
	found.DesignEffect, found.Effective, found.interval = &score.DesignEffect, &score.Effective, &score.Interval
	return found, nil
}

// addUnknown adds the answers of nobody known up: as many people of one answer.
func (p *people) addUnknown(sums *analysis.Repeats) error {
	scale := sums.Metric.Scale()
	for score, n := range p.unknown {
		if n == 0 {
			continue
		}
		one := analysis.Repeats{Metric: sums.Metric, People: n, Answers: n, Sizes: n}
		switch band := scale.Band(score); {
		case band == scale.Good:
			one.Good, one.Sums, one.Cross = n, n, n
		case band == scale.Bad && scale.Net:
			one.Bad, one.Sums, one.Cross = n, n, -n
		case band == scale.Bad:
			one.Bad = n
		}
		if err := sums.Merge(one); err != nil {
			return fmt.Errorf("add the answers without a person up: %w", err)
		}
	}
	return nil
}
