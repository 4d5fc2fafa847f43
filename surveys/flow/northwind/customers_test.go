package northwind

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestTheNewCourierComesWithTheDrop(t *testing.T) {
	t.Parallel()
	c := calendar{drop: 100}
	for day, want := range map[int]courier{0: usualCourier, 99: usualCourier, 100: newCourier, 365: newCourier} {
		if got := c.courierOn(day); got != want {
			t.Errorf("day %d: the %s courier, want the %s one", day, got, want)
		}
	}
}

func TestPoolLetsInWhoHasJoined(t *testing.T) {
	t.Parallel()
	p := &pool{}
	for _, day := range []int{1, 3, 3, 7} {
		p.list = append(p.list, &person{joined: day})
	}
	for _, step := range []struct{ day, active, join int }{{0, 0, 0}, {1, 1, 1}, {2, 1, 0}, {3, 3, 2}, {9, 4, 0}} {
		if joined := p.join(step.day); len(joined) != step.join || p.active != step.active {
			t.Errorf("day %d: %d join and %d are in, want %d and %d", step.day, len(joined), p.active, step.join, step.active)
		}
	}
}

func TestNobodyOrdersBeforeTheyJoin(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	p := &pool{active: 40}
	for day := range 1000 {
		p.list = append(p.list, &person{joined: day})
	}
	for _, plan := range plans() {
		for range 2000 {
			if one := p.draw(r, plan); one.joined >= p.active {
				t.Fatalf("%s: somebody of day %d orders on day %d", plan, one.joined, p.active-1)
			}
		}
	}
}

func TestAddressesAreUnique(t *testing.T) {
	t.Parallel()
	c, err := newCalendar(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	g := &register{r: rand.New(rand.NewPCG(1, 2)), c: c, names: newNamer(), taken: make(map[string]int)}
	seen := make(map[string]string)
	for plan, pool := range g.people() {
		if len(pool.list) != customers()[plan] {
			t.Errorf("%d customers of %s, want %d", len(pool.list), plan, customers()[plan])
		}
		for _, p := range pool.list {
			if other, taken := seen[p.Email]; taken {
				t.Errorf("%s and %s have the address %s", p.Name, other, p.Email)
			}
			seen[p.Email] = p.Name
		}
	}
}

func TestPlainLetters(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Müller": "mueller", "O’Connor": "oconnor", "Wójcik": "wojcik", "Élodie": "elodie", "João": "joao", "Smith": "smith"} {
		if got := plainLetters(name); got != want {
			t.Errorf("%s is written %s, want %s", name, got, want)
		}
	}
}

func TestAboutScattersAroundItsMean(t *testing.T) {
	t.Parallel()
	y := &year{r: rand.New(rand.NewPCG(1, 2))}
	for _, mean := range []float64{0.3, 4, 29, 84} {
		const times = 20_000
		sum := 0
		for range times {
			sum += y.about(mean)
		}
		if got := float64(sum) / times; got < mean*0.97 || got > mean*1.03 {
			t.Errorf("the mean is %.2f, want %.1f", got, mean)
		}
	}
	if n := y.about(0); n != 0 {
		t.Errorf("%d of nothing", n)
	}
}
