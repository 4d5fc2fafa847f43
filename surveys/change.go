package surveys

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// onItsWay is how long the same device's last form may have been on its way when a
// later one was kept on it: only what is older than that is another device's.
const onItsWay = 10 * time.Minute

// LaidOver is the earlier answer with what r says anew: the score, and what
// answers the follow-ups that r was asked. A form that did not ask for something
// takes nothing of it away. Where Asked is nil r says everything, but for
// ratings, of which there are none in most forms.
//
// A form that did not show what has been answered since it was made, in another tab or
// on another device, takes nothing of that away either, and one that waited on its
// device for longer changes nothing.
//
// The answer keeps the version, the segments and the hidden fields that it came
// with: it stays counted where it was.
func (r Response) LaidOver(old Response) Response {
	if !r.Said.IsZero() && old.UpdatedAt.After(r.Said.Add(onItsWay)) {
		return old
	}
	laid, asked := old, r.Asked
	if asked != nil && r.Knew != nil && old.UpdatedAt.After(*r.Knew) {
		asked = slices.DeleteFunc(slices.Clone(asked), r.silent)
	}
	laid.Score, laid.Locale, laid.UpdatedAt = r.Score, r.Locale, r.UpdatedAt
	if asked == nil {
		laid.Comment, laid.Answers, laid.Asked = r.Comment, r.Answers, nil
		if r.Ratings != nil {
			laid.Ratings = r.Ratings
		}
		return laid
	}
	if slices.Contains(asked, MainComment) {
		laid.Comment = r.Comment
	}
	laid.Answers = overlaid(old.Answers, r.Answers, asked)
	laid.Ratings = overlaid(old.Ratings, r.Ratings, asked)
	if old.Asked != nil {
		laid.Asked = append(slices.Clone(old.Asked), asked...)
	}
	return laid
}

// silent reports whether r says nothing to a follow-up.
func (r Response) silent(id string) bool {
	if id == MainComment {
		return r.Comment == ""
	}
	_, rated := r.Ratings[id]
	return r.Answers[id].Empty() && !rated
}

// overlaid are the old values but for the keys that were asked, and the new.
func overlaid[V any](old, news map[string]V, asked []string) map[string]V {
	laid := maps.Clone(old)
	maps.DeleteFunc(laid, func(key string, _ V) bool { return slices.Contains(asked, key) })
	if laid == nil {
		laid = make(map[string]V, len(news))
	}
	maps.Copy(laid, news)
	if len(laid) == 0 {
		return nil
	}
	return laid
}

// SaysTheSame reports whether a person who gave r has said no more and nothing
// else than in o.
func (r Response) SaysTheSame(o Response) bool {
	return r.Score == o.Score && r.Comment == o.Comment && maps.Equal(r.Ratings, o.Ratings) &&
		(len(r.Answers) == 0 && len(o.Answers) == 0 || reflect.DeepEqual(r.Answers, o.Answers))
}
