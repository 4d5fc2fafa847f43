package bounce

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// tongue is how a language says what matters in a report: stems in small letters
// and without accents, as [folded] has them, since servers often leave accents out.
type tongue struct {
	whom   string // a person or an address
	gone   string // what is said of one that is not there
	box    string // a mailbox, or its room
	full   string // what is said of one that is full
	sent   string // a letter on its way, delivered
	failed string // what is said of one that was not delivered
	late   string // what is said of one that is not there yet
	away   string // what people say who are not there, of themselves
	auto   string // what machines say of their own answers
}

// tongues are the languages in which more than English says it.
var tongues = []tongue{
	{"empfanger|empfaenger|benutzer|adresse|postfach|konto|teilnehmer", "unbekannt|existiert nicht|nicht (gefunden|vorhanden|bekannt|gultig|gueltig)|ungultig|ungueltig|deaktiviert|gibt es nicht",
		"postfach|mailbox|speicherplatz|kontingent", "\\bvoll\\b|uberschritten|ueberschritten|erschopft|uberfullt", "nachricht|e-?mail|zustell|zugestellt|ubermittelt", "unzustellbar|nicht (zugestellt|zustellbar|ubermittelt)|fehlgeschlagen", "noch nicht|verzoger",
		"ich bin [^.\n]{0,60}(nicht im (buro|haus)|abwesend|im urlaub|nicht erreichbar|wieder (im buro|erreichbar|da))", "automatisch (generiert|erstellt|erzeugt|versand|gesendet)|automatische (antwort|nachricht|e-?mail|eingangs)|(nachricht|anfrage|e-?mail) [^.\n]{0,30}(eingegangen|erhalten\\b|unter der (ticket|vorgangs))"},
	{"destinataire|adresse|utilisateur|compte|boite|abonne", "inconnu|n.existe (pas|plus)|inexistant|introuvable|invalide|desactive|n.est (pas|plus) valide",
		"boite|quota|espace", "plein|sature|depasse|insuffisant", "message|courriel|e-?mail|remis|distribu|livr", "non (remis|distribue|delivre|livre)|n.a pas (pu etre|ete) (remis|distribu|delivr|livr|achemin)|echec", "pas encore|retard|differe",
		"je (suis|serai) [^.\n]{0,40}(absent|en conge|en vacances|hors du bureau|de retour)", "(reponse|message|courriel|e-?mail)s? (est |a ete |envoye |genere )*automatique|automatiquement|avons bien recu (votre|ton)"},
	{"destinatario|direccion|usuario|cuenta|buzon", "desconocid|no (existe|encontrad|valid|se (encontro|encuentra))|inexistente|invalid|desactivad|deshabilitad",
		"buzon|cuota|espacio|bandeja|casilla", "llen[oa]|excedid|superad|agotad|excede|insuficiente", "mensaje|correo|entreg", "no (se )?(pudo|puede|ha podido|fue|ha sido|podemos)[^.\n]{0,20}entreg|no entregad|fallo|devuelto", "aun no|todavia no|retras|demora",
		"(estoy|estare|me encuentro) [^.\n]{0,40}(ausente|de vacaciones|fuera de (la )?oficina|de baja|de permiso)", "(mensaje|respuesta|correo|e-?mail) (es )?(generad[oa] )?automatic|automaticamente|hemos recibido (tu|su|vuestr)"},
	{"destinatario|endereco|usuario|utilizador|conta\\b|caixa", "desconhecid|nao (existe|encontrad|foi encontrad|e valid)|inexistente|invalid|desativad|desactivad",
		"caixa|cota|quota|espaco", "chei[ao]|excedid|esgotad|lotad|excede|insuficiente", "mensagem|correio|e-?mail|entreg", "nao (foi|pode|pode ser|foi possivel)[^.\n]{0,20}entreg|nao entregue|devolvid|falha", "ainda nao|atras",
		"(estou|estarei) [^.\n]{0,40}(ausente|de ferias|em ferias|fora do escritorio|de licenca)|fora do escritorio", "(mensagem|resposta|e-?mail) (e )?automatic|automaticamente|recebemos (a )?(sua|tua)"},
	{"destinatario|indirizzo|utente|casella|account", "sconosciut|inesistente|non (esiste|trovat|valid|e valid|e stat[oa] trovat)|disattivat|disabilitat",
		"casella|quota|spazio", "pien[ao]|superat|esaurit|satur|insufficiente", "messaggio|posta|consegn|recapit", "non (e stato|recapitat|consegnat|e possibile|e stato possibile)[^.\n]{0,20}|mancat[ao] (consegna|recapito)|impossibile", "non ancora|ritard",
		"(sono|saro) [^.\n]{0,30}(fuori (ufficio|sede)|assente|in (ferie|vacanza))", "(messaggio|risposta|e-?mail) (e )?(generat[oa] )?automatic|automaticamente|abbiamo ricevuto (la|il) (tu|vostr|su)"},
	{"ontvanger|geadresseerde|gebruiker|adres|postvak|account|mailbox", "onbekend|bestaat niet|niet (gevonden|bekend|geldig)|ongeldig|uitgeschakeld",
		"postvak|mailbox|inbox|brievenbus|quotum|opslag", "\\bvol\\b|overschreden", "bericht|e-?mail|bezorg|aflever|afgeleverd", "niet (worden |kunnen )?(bezorgd|afgeleverd)|onbestelbaar|mislukt", "nog niet|vertrag|vertraagd",
		"ik ben [^.\n]{0,50}(afwezig|niet aanwezig|op vakantie|met verlof|weer aanwezig)", "automatisch (bericht|antwoord|gegenereerd|verzonden)|hebben (uw|je) [^.\n]{0,30}ontvangen"},
	{"mottagare|anvandare|adress|konto|brevlada|mottaker|bruker|postboks|modtager|bruger|postkasse", "okand|ukjent|ukendt|finns inte|finnes ikke|findes ikke|eksisterer ikke|existerar inte|ogiltig|ugyldig|inaktiver|deaktiver",
		"brevlada|postboks|postkasse|innboks|indbakke|inkorg|kvote|kvot|lagring", "\\bfull\\b|\\bfuld\\b|overskred|overskrid", "meddelande|melding|meddelelse|besked|lever", "inte (kunnat |kunde )?(levereras|lever)|kunne ikke (leveres|sendes)|ikke (leveret|levert)|misslyckad|mislykke|mislykte", "annu inte|enna ikke|enda ikke|endnu ikke|forsen|forsink",
		"jag ar [^.\n]{0,40}(semester|ledig|borta|inte pa kontoret|franvarande|tillbaka)|jeg er [^.\n]{0,40}(ferie|permisjon|orlov|ikke (pa kontoret|til stede)|fravaerende|bortreist|tilbage|tilbake)|ikke til stede|(ej|inte) pa plats", "automatisk(t)? (svar|meddelande|melding|besked|generer|sendt)|(vi har|har vi) (mottagit|tagit emot|mottatt|modtaget) (ditt|din|dit)"},
	{"vastaanottaja|kayttaja|osoite|postilaatikko|tili\\b", "tuntematon|ei (ole olemassa|loydy|loytynyt|kelpaa)|virheellinen",
		"postilaatikko|sahkoposti|kiintio|tila\\b", "taynna|ylittynyt|ylitetty|taysi", "viesti|sahkoposti|toimit", "ei (voitu|voida|onnistu)|epaonnistui", "ei ole viela|viela|viivasty",
		"(olen|oon) [^.\n]{0,40}(lomalla|poissa|vapaalla|tavoitettavissa)|poissa(olo)?:", "automaatti|olemme vastaanottaneet"},
	{"odbiorc|adresat|adres|uzytkownik|konto|skrzynk", "nieznan|nie (istnieje|znaleziono|jest prawidlow|ma takiego)|nieprawidlow|nieaktywn|nie ma takiego",
		"skrzynk|limit|miejsca", "pelna|przepelnion|przekrocz|zapelnion|brak", "wiadomosc|poczt|dostarcz|przesylk", "nie (moze|mogla|zostala|mozna|udalo)[^.\n]{0,25}dostarcz|niedostarczon|zwrot", "jeszcze nie|opozni",
		"(jestem|przebywam|bede) [^.\n]{0,40}(na urlopie|urlop|nieobecn|poza biurem|na zwolnieniu)", "automatyczn|otrzymalismy (twoj|panstwa|panska)|dziekujemy za (wiadomosc|kontakt|zgloszenie)"},
	{"prijemc|prijemca|adresat|adresa|uzivatel|schrank|ucet|pouzivatel", "neznam|neexistuje|nenalezen|nebyl[ao]? nalezen|neplatn|nenajden|zrusen",
		"schrank|kvota|kvot|limit", "plna|preplnen|prekroc|zaplnen", "zprav|sprav|doruc", "nedoruc|(nelze|nebylo mozne|nemohla|nebyla|nepodarilo)[^.\n]{0,20}doruc|nemozno dorucit", "zatim|dosud|zpozd|oneskor|este neb",
		"(jsem|budu|som|budem) [^.\n]{0,40}(na dovolen|mimo kancelar|nepritom|neprit)", "automatick|obdrzeli jsme|prijali jsme"},
	{"получател|адресат|пользовател|адрес|ящик|учетн|користувач|одержувач|потребител", "не (существу|наиден|зарегистр|действител)|неизвест|несуществу|отключ|удален|невідом|не (існу|знаидено)|неверн|не съществува|нет такого|такого [^.\n]{0,20}нет",
		"ящик|скринька|скриньк|квот|мест[ао]|кутия", "переполн|переповн|превыш|заполнен|перевищ|нет свободного|недостаточно|пълна", "письм|сообщен|доставл|лист|повідомл|съобщени", "не (было |может быть |удалось |вдалося |може бути )?(доставл|доставить|доставити)|недостав|не доставлен|ошибка доставки", "еще не|пока не|до сих пор|задерж|затрим|ще не",
		"я [^.\n]{0,30}(в отпуске|нахожусь|отсутству|у відпустці|відсутн)|(нахожусь|буду) в отпуске|перебуваю у відпустці", "автоматическ|автоматичн|автоответ|(мы )?получили ваш|ваше обращение [^.\n]{0,30}(принято|получено|зарегистр)"},
	{"alici|adres|kullanici|hesap|hesab|posta kutusu|kisi", "bilinmiyor|bulunama|\\byok\\b|mevcut degil|gecersiz|devre disi|kapatil|bulunmu?yor",
		"posta kutu|kota|kutusu|alan", "dolu|dolmus|asil|asti|yetersiz", "ileti|mesaj|posta|teslim|gonder", "(iletile|gonderile|teslim edile)me|basarisiz", "henuz|gecik",
		"(izindeyim|ofis(te)? (disinda|degil)|tatildeyim|izinli(yim)?)", "otomatik|mesajinizi aldik|talebiniz [^.\n]{0,20}alin"},
	{"cimzett|felhasznalo|cim\\b|cime|postafiok|fiok", "ismeretlen|nem (letezik|talalhato)|ervenytelen|megszunt",
		"postafiok|postalada|kvota|tarhely", "megtelt|\\btele\\b|tullep|betelt", "uzenet|level|kezbesit", "nem (sikerult |lehetett )?kezbesit|kezbesithetetlen|sikertelen|nem kezbesitheto", "meg nem|kesik|keslelt",
		"(szabadsagon|nem vagyok|hazon kivul|tavol) [^.\n]{0,20}(vagyok|leszek|az irodaban)", "automatikus|megkaptuk"},
	{"destinatar|adresa|utilizator|cont\\b|casuta|παραληπτη|χρηστη|διευθυνση", "necunoscut|nu (exista|a fost gasit)|inexistent|invalid|αγνωστ|δεν (υπαρχει|βρεθηκε)|ανυπαρκτ|μη εγκυρ",
		"casuta|cutia|spatiu|γραμματοκιβωτιο|θυριδα|ορι", "plin|depasit|γεματ|πληρ|υπερβ", "mesaj|livra|μηνυμα|παραδο", "nu (a putut fi|poate fi|a fost) livrat|nelivrat|esuat|δεν (παραδοθηκε|ηταν δυνατη)|αποτυχια|αδυναμια", "inca nu|intarzi|ακομη|καθυστερ",
		"(sunt|voi fi) [^.\n]{0,30}(in concediu|plecat|absent)|(ειμαι|βρισκομαι|λειπω|απουσιαζω)[^.\n]{0,30}(αδεια|εκτος γραφειου|διακοπες)", "mesaj (generat )?automat|raspuns automat|αυτοματ"},
	{"penerima|alamat|pengguna|akun|nguoi nhan|dia chi|nguoi dung|tai khoan|hop thu", "tidak (ditemukan|ada|dikenal|valid|wujud|dijumpai|sah)|khong (ton tai|tim thay|hop le|dung)",
		"kotak (surat|masuk|pesan)|kuota|hop thu|dung luong", "penuh|melebihi|terlampaui|day\\b|vuot", "pesan|mesej|hantar|surel|surat|terkirim|kirim|thu\\b|gui", "tidak (dapat|bisa|berhasil) (di)?(kirim|antar|hantar)|gagal|khong (gui|the gui|chuyen)|that bai", "belum|tertunda|chua|tre\\b",
		"(saya|kami) [^.\n]{0,30}(cuti|di luar kantor|libur)|toi [^.\n]{0,30}(nghi phep|vang mat|khong co mat)", "otomatis|tu dong"},
	{"المستلم|العنوان|المستخدم|الحساب|عنوان|گیرنده|نشانی|کاربر|הנמען|נמען|כתובת|משתמש|תיבת", "غير (موجود|معروف|صالح|صحيح)|لا يوجد|لم يتم العثور|وجود ندارد|یافت نشد|ناشناخته|לא (קיים|קיימת|נמצא|ידוע|תקין|תקינה)",
		"صندوق|علبة|البريد|תיבת|מכסת|مساحة|سهمیه", "ممتلئ|امتل|تجاوز|پر است|מלא|חרג", "الرسالة|رسالة|رسالتك|تسليم|ההודעה|הודעה|پیام", "تعذر|لم يتم (تسليم|إرسال|ارسال)|فشل|לא (נמסר|ניתן למס)|תקלה במסירה|تحویل نشد|ناموفق", "لم .{0,10}بعد|تأخر|تاخر|טרם|עיכוב|עדיין|هنوز",
		"(انا|أنا) [^.\n]{0,20}(خارج المكتب|في اجازة|في إجازة)|خارج المكتب|אני [^.\n]{0,20}(בחופש|בחופשה|לא במשרד|מחוץ למשרד|נעדר)|در مرخصی", "تلقائي|آلي|אוטומטי|خودکار"},
	{"ผู้รับ|ที่อยู่|ผู้ใช้|บัญชี|प्राप्तकर्ता|पता|उपयोगकर्ता", "ไม่(พบ|มี|ถูกต้อง|รู้จัก)|नहीं मिला|मौजूद नहीं|अमान्य|अज्ञात",
		"กล่อง|พื้นที่|โควต้า|मेलबॉक्स|इनबॉक्स|कोटा", "เต็ม|เกิน|भर (गया|चुका)|भरा|पूर्ण", "ข้อความ|อีเมล|ส่ง|संदेश|ईमेल", "ไม่(สามารถ|สำเร็จ)|ล้มเหลว|विफल|(नहीं|नही) (पहुंच|भेजा|हुआ|हो सक)", "ยังไม่|ล่าช้า|अभी तक|विलंब",
		"ผม?[^.\n]{0,20}(ลาพัก|ไม่อยู่|ลาพักร้อน)|(मैं|मै)[^.\n]{0,30}(अवकाश|छुट्टी|कार्यालय से बाहर)", "อัตโนมัติ|स्वचालित|स्वतः"},
	{"收件人|收信人|邮箱|郵箱|信箱|用户|用戶|使用者|帐号|帐户|账号|帳號|帳戶|地址|账户", "不存在|未找到|找不到|无此|無此|查无|查無|无效|無效|错误|錯誤|停用|禁用|注销|冻结|不正确",
		"邮箱|郵箱|信箱|收件匣|收件箱|空间|空間|容量|配额|配額", "已满|已滿|满了|滿了|不足|超出|超过|超過|已達|爆满", "邮件|郵件|信件|投递|傳遞|送达|送達|发送", "(无法|無法|未能|不能)(送|投|传|傳|发|寄|遞|递)|退信|退回|失败|失敗|未送达", "尚未|延迟|延遲|延误|仍在",
		"(我|本人)[^。\n]{0,20}(休假|出差|外出|不在|度假|请假|請假)|正在休假|休假中|出差中", "自动(回复|答复|发送|生成|发出)|自動(回覆|發送|回復|產生)|已(经)?收到(您|你)的(邮件|来信|请求|反馈)"},
	{"宛先|受信者|アドレス|ユーザ|アカウント|送信先|あて先|受取人", "見つかりません|存在しません|存在しない|不明|ありません|無効|誤り|間違|使われて(い)?ません",
		"メールボックス|受信箱|受信トレイ|容量|クォータ|保存領域", "いっぱい|超過|満杯|オーバー|不足|上限|一杯|超え", "メール|メッセージ|配信|送信|配送|お届け", "(配信|送信|配送|お届け)(が)?(でき(ません|ない)|不能|に?失敗|エラー)|届(けられ|き)ません", "遅延|遅れ|まだ|再送",
		"休暇(中|を(いただ|取得|頂))|不在に(して|し)|不在(です|と(な|させ))|出張(中|のため)|夏季休業|年末年始", "自動(返信|送信|応答|配信|生成)|お問い?合わ?せ(を)?(受け付け|いただき)"},
	{"수신자|받는 ?사람|사용자|주소|계정|수신인", "없(음|습니다|는)|존재하지|찾을 수 없|잘못|알 수 없|유효하지|휴면",
		"사서함|메일함|편지함|용량|저장 ?공간|메일박스", "가득|초과|부족|꽉", "메일|메시지|전송|전달|배달", "(전송|전달|배달|발송)(이|을|을 할|되지|에|하지)? ?(못|실패|수 없|않)|반송", "지연|아직",
		"휴가(입니다|중|로|를)|부재 ?중|출장 ?중|자리를 비", "자동(으로| ?응답| ?회신| ?발송| ?답장)"},
	{"korisni[kc]|primatelj|prima(lac|oc)|prejemnik|uporabnik|adresa|naslov|racun", "ne (postoji|obstaja)|nepoznat|neznan|nije (pronaden|pronadjen)|ni (mogoce najti|najden)|nevazec|nevaljan|neveljav",
		"sanduc|nabiralnik|predal|kvota", "\\bpun[ao]?\\b|\\bpol[ne]n?\\b|prepun|prekorac|presez", "poruk|sporocil|isporuc|dostav|uruc", "nije (mogla biti |moguce )?(isporuc|dostav|uruc)|neisporuc|ni (bilo mogoce |bila |mogoce )?dostav|nedostav", "jos nije|se ni|kasni|zamud|odgoden",
		"na (godisnjem )?odmoru|na dopustu|odsut(an|na)|odsot(en|na)|van kancelarije|izvan ureda", "automatsk|samodejn|avtomatsk"},
	{"destinatari|adreca|usuari|compte|bustia", "no existeix|desconegu|no (s.ha )?trobat|no (es )?valid|inexistent",
		"bustia|quota|espai", "\\bple(na)?\\b|superat|excedi", "missatge|correu|lliur|entreg", "no (s.ha pogut |ha estat )?(lliur|entreg)|retornat", "encara no|retard",
		"(soc|estic|estare) [^.\n]{0,30}(de vacances|fora de l.oficina|absent)", "automatic|hem rebut (el teu|la teva|el seu|la seva)"},
	{"gavej|vartotoj|adres|paskyr|sanem|lietotaj|konts|saaja|kasutaja|aadress|postkast", "neegzistuoja|nezinom|nerast|nepastav|neeksiste|nav atrast|neatrast|nederig|negalioj|ei (eksisteeri|leitud)|tundmatu|vigane",
		"dezut|pastkast|postkast|kvot|viet[ao]s", "piln[ao]|perpild|virsij|parsnie|\\btais\\b|uletatud", "laisk|pranesim|vestul|zinojum|kiri\\b|kirja|sonum|pristat|piegad", "nepristat|nepavyko pristat|(netika|nevareja|nav) piegad|ei (saanud|onnestunud)|toimetamata", "dar ne|vel nav|aizkav|veluo|pole veel|viibi",
		"atostog|atvalinajum|puhkusel", "automatin|automatisk|automaat"},
}

// English is what was missing in the tables about English.
const (
	englishAway = `\bi( a|')?m (currently |presently |now )?(away|out of (the |my )?(office|town|country)|on (\w+ ){0,2}(leave|vacation|holidays?)|travell?ing (with|until))|i (will|'ll) be (away|out of (the )?office|on (leave|vacation|holiday)|back (in the office|on))|in my absence`
	englishAuto = `\bauto(mat\w+|-?)[ -]*(generated|message|reply|response|responder|e-?mail|notification|acknowledge\w*)|(we|i)( have|'ve)? (just )?received your (request|message|e-?mail|enquiry|inquiry|ticket|case)|(do not|don't) reply to this (e-?mail|message)`
)

// senders are the words for whom a letter is from, and for a machine's address.
const senders = `\bip\b|\bptr\b|\bhelo\b|\bdns\b|absender|expediteur|emetteur|remitente|remetente|mittente|afzender|avsandare|avsender|afsender|lahettaj|nadawc|odesilatel|odosielatel|отправител|відправник|gonderen|gonderici|felado|expeditor|αποστολε|pengirim|nguoi gui|المرسل|فرستنده|השולח|ผู้ส่ง|प्रेषक|发件人|發件人|寄件|发信|送信者|差出人|발신자|보낸 ?사람`

// gone is what any of the languages says of whom is not there.
func gone() string { return said(func(t tongue) string { return t.gone }).String() }

// What the languages say, of any.
var (
	goneInTongues    = pairs(func(t tongue) (string, string) { return t.whom, t.gone })
	fullInTongues    = pairs(func(t tongue) (string, string) { return t.box, t.full })
	failedInTongues  = pairs(func(t tongue) (string, string) { return t.sent, t.failed })
	lateInTongues    = pairs(func(t tongue) (string, string) { return t.sent, t.late })
	awayInTongues    = said(func(t tongue) string { return t.away }, englishAway)
	autoInTongues    = said(func(t tongue) string { return t.auto }, englishAuto)
	refusedInTongues = regexp.MustCompile(folded(`abgelehnt|zuruckgewiesen|gesperrt|blockiert|geblokkeerd|zablokowan|zablokovan|blokeret|blokkert|blockerad|bloque|rejete|refuse\b|rechazad|bloquead|rifiutat|bloccat|rejeitad|recusad|geweigerd|avvisad|avvist|nekad|afvist|hylatty|odrzucon|odmitnut|zamitnut|отклонен|отвергнут|отказано|заблокирован|відхилен|reddedil|engellen|elutasit|respins|απορριφθ|ditolak|tu choi|رفض|נדח|נחסמ|ถูกปฏิเสธ|अस्वीकार|거부|차단|스팸|拒否|拒絶|拒絕|屏蔽|拦截|攔截`))
	// an address of the sender's that is not there, or one of a machine
	senderInTongues = regexp.MustCompile(folded(`(`+senders+`)[^.。,;\n]{0,40}?(`) + gone() + ")")
)

// near finds one word within a sentence of the other, whichever comes first.
func near(one, other string) string {
	const between = `[^.。\n]{0,60}?`
	return "(" + one + ")" + between + "(" + other + ")|(" + other + ")" + between + "(" + one + ")"
}

// pair are two words of any language near each other. That one of them is there
// at all is looked for first, since it is much quicker and mostly settles it.
type pair struct{ one, both *regexp.Regexp }

func pairs(of func(tongue) (string, string)) pair {
	return pair{
		one:  said(func(t tongue) string { _, what := of(t); return what }),
		both: said(func(t tongue) string { return near(of(t)) }),
	}
}

// in reports whether words, however they are written, have the pair.
func (p pair) in(words string) bool {
	words = folded(nameless(words))
	return p.one.MatchString(words) && p.both.MatchString(words)
}

// said is a pattern of what any of the languages says, for [folded] words.
func said(of func(tongue) string, also ...string) *regexp.Regexp {
	all := also
	for _, t := range tongues {
		all = append(all, of(t))
	}
	return regexp.MustCompile(folded(strings.Join(all, "|")))
}

var plainLetters = strings.NewReplacer("ł", "l", "ø", "o", "ı", "i", "đ", "d", "ß", "ss", "æ", "ae")

// folded is a text in small letters, without accents, in one form of what can be
// written in several.
func folded(text string) string {
	for _, r := range text {
		if r >= 0x80 {
			return norm.NFC.String(strings.Map(func(r rune) rune {
				if r >= 0x300 && r <= 0x36f {
					return -1
				}
				return r
			}, norm.NFD.String(plainLetters.Replace(strings.ToLower(text)))))
		}
	}
	return strings.ToLower(text)
}
