package northwind

import (
	"math/rand/v2"
	"strings"
)

// culture is where a family's names come from.
type culture struct {
	given, family string // words, separated by spaces; a Chinese name is written 王=wang
	chinese       bool   // the family name first, without a space
}

func british() culture {
	return culture{
		given: "Oliver Amelia George Isla Harry Ava Noah Freya Jack Grace Alfie Evie Leo Poppy Arthur Ruby Oscar Florence Thomas Alice " +
			"Edward Charlotte Henry Matilda Samuel Beatrice Joseph Harriet Daniel Eleanor Max Imogen Hugh Tamsin Rhys Carys Callum Eilidh",
		family: "Smith Jones Taylor Brown Williams Wilson Davies Evans Thomas Johnson Roberts Walker Wright Robinson Thompson White Hughes " +
			"Edwards Green Hall Wood Harris Clarke Jackson Turner Hill Cooper Ward Morris Moore Baker Fletcher Pritchard Penrose Mackenzie Sinclair",
	}
}

func irish() culture {
	return culture{
		given: "Aoife Ciarán Niamh Conor Saoirse Darragh Róisín Oisín Caoimhe Cillian Sinéad Eoin Gráinne Fionn Orla Declan Maeve Rory",
		family: "Murphy Kelly Walsh Byrne Ryan O’Connor O’Sullivan Doyle McCarthy Gallagher Doherty Kennedy Lynch Murray Quinn Moore Nolan " +
			"Brennan Fitzgerald Keane",
	}
}

func chinese() culture {
	return culture{
		given: "伟=wei 芳=fang 娜=na 敏=min 静=jing 丽=li 强=qiang 磊=lei 洋=yang 艳=yan 勇=yong 杰=jie 娟=juan 涛=tao 明=ming 超=chao 霞=xia 平=ping " +
			"欣怡=xinyi 梓涵=zihan 浩然=haoran 雨桐=yutong 子轩=zixuan 思远=siyuan 佳琪=jiaqi 宇航=yuhang 晓雯=xiaowen 文博=wenbo 若曦=ruoxi 一诺=yinuo " +
			"嘉怡=jiayi 俊熙=junxi 雅婷=yating 志远=zhiyuan 海燕=haiyan 建国=jianguo",
		family: "王=wang 李=li 张=zhang 刘=liu 陈=chen 杨=yang 赵=zhao 黄=huang 周=zhou 吴=wu 徐=xu 孙=sun 胡=hu 朱=zhu 高=gao 林=lin 何=he 郭=guo " +
			"马=ma 罗=luo 梁=liang 宋=song 郑=zheng 谢=xie 韩=han 唐=tang 冯=feng 于=yu 董=dong 萧=xiao 程=cheng 沈=shen 欧阳=ouyang",
		chinese: true,
	}
}

func german() culture {
	return culture{
		given: "Lukas Emma Jonas Mia Finn Hannah Felix Lena Paul Marie Ben Sophie Maximilian Klara Jürgen Käthe Björn Greta Moritz Anke",
		family: "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann " +
			"Krüger Köhler Lehmann",
	}
}

func french() culture {
	return culture{
		given:  "Louis Chloé Gabriel Léa Jules Manon Hugo Camille Lucas Inès Théo Élodie Mathis Juliette Antoine Zoé Rémi Aurélie",
		family: "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia Roux Fournier Girard",
	}
}

func southAsian() culture {
	return culture{
		given:  "Aarav Priya Rohan Ananya Arjun Meera Imran Fatima Bilal Aisha Vikram Divya Sanjay Nadia Farhan Kavita Rahul Zara Nikhil Leila",
		family: "Patel Sharma Khan Singh Ahmed Hussain Kaur Gupta Begum Iyer Chowdhury Malik Mehta Rao Shah Rahman Nair Desai Bhatt Qureshi",
	}
}

func african() culture {
	return culture{
		given:  "Chidi Amara Kwame Adaeze Tunde Ngozi Kofi Zainab Emeka Abena Femi Thandiwe Sipho Makena Omar Hawa Tendai Yaa",
		family: "Okafor Mensah Adeyemi Nwosu Boateng Okonkwo Balogun Asante Dlamini Mwangi Eze Owusu Ibrahim Moyo Abubakar Osei Kamau Diallo",
	}
}

func polish() culture {
	return culture{
		given:  "Jakub Zuzanna Kacper Julia Filip Maja Michał Agnieszka Piotr Katarzyna Tomasz Małgorzata Paweł Ewa Marek Joanna",
		family: "Nowak Kowalczyk Wiśniewska Wójcik Kamiński Lewandowska Zielińska Szymański Woźniak Dąbrowska Mazur Krawczyk Piotrowska Grabowski",
	}
}

func spanish() culture {
	return culture{
		given:  "Alejandro Lucía Mateo Sofía Diego Valentina João Beatriz Tiago Inês Javier Carmen Rafael Martina Andrés Elena",
		family: "García Fernández López Martínez Silva Santos Pereira Costa Rodríguez Sánchez Romero Navarro Torres Domínguez Vázquez Ferreira",
	}
}

// weighted is a culture and how common it is.
type weighted struct {
	culture
	weight int
}

// cultures are those of a country, the common ones with more weight.
func cultures(country string) []weighted {
	switch country {
	case "ie":
		return []weighted{{irish(), 14}, {british(), 3}, {polish(), 2}, {african(), 1}}
	case "cn":
		return []weighted{{chinese(), 19}, {british(), 1}}
	case "de":
		return []weighted{{german(), 16}, {polish(), 2}, {chinese(), 1}, {spanish(), 1}}
	case "fr":
		return []weighted{{french(), 17}, {african(), 2}, {spanish(), 1}}
	case "us":
		return []weighted{{british(), 9}, {spanish(), 5}, {southAsian(), 3}, {chinese(), 3}}
	}
	return []weighted{{british(), 11}, {southAsian(), 3}, {african(), 2}, {polish(), 1}, {irish(), 1}, {chinese(), 1}, {spanish(), 1}}
}

// name is a person's name, as they write it and in the letters of an address.
type name struct {
	full    string
	given   string
	family  string
	chinese bool
}

// namer draws names without splitting the lists each time.
type namer struct {
	countries map[string][]names
}

type names struct {
	given, family []string
	chinese       bool
}

func newNamer() namer {
	n := namer{countries: make(map[string][]names)}
	for _, country := range countryCodes() {
		for _, c := range cultures(country) {
			list := names{strings.Fields(c.given), strings.Fields(c.family), c.chinese}
			for range c.weight {
				n.countries[country] = append(n.countries[country], list)
			}
		}
	}
	return n
}

func (n namer) draw(r *rand.Rand, country string) name {
	lists := n.countries[country]
	list := lists[r.IntN(len(lists))]
	given, family := list.given[r.IntN(len(list.given))], list.family[r.IntN(len(list.family))]
	if !list.chinese {
		return name{full: given + " " + family, given: plainLetters(given), family: plainLetters(family)}
	}
	given, latin, _ := strings.Cut(given, "=")
	family, latinFamily, _ := strings.Cut(family, "=")
	return name{full: family + given, given: latin, family: latinFamily, chinese: true}
}

// plainLetters is a name in the letters that mail addresses are made of.
func plainLetters(text string) string {
	return strings.NewReplacer("á", "a", "à", "a", "ã", "a", "ä", "ae", "é", "e", "è", "e", "í", "i", "ï", "i", "ó", "o", "ö", "oe", "ô", "o", "ú", "u",
		"ü", "ue", "ł", "l", "ś", "s", "ń", "n", "ą", "a", "ê", "e", "’", "", "ó", "o", "ź", "z", "ż", "z").Replace(strings.ToLower(text))
}
