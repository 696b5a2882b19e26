"""Countries and cities of the demonstration world, and what follows from where a company is.

Numbers: `#` is any digit.  Where a country keeps numbers for films (or gives an exchange to nobody),
those are taken.  Postcodes: `#` is a digit, `@` a letter.
"""

from dataclasses import dataclass
from random import Random
from string import ascii_uppercase

from cx_tui.services.seeding.words import STREETS

# code share currency units-for-a-dollar zone | landline mobile | tax | culture | legal forms | postcode | city:region ...
COUNTRIES = """
GB 15 GBP 1 Europe/London|+4420794##### +4477009#####|20|english|Ltd,Ltd,Ltd,Limited,LLP,PLC|@@# #@@|London:Greater London,Leeds:West Yorkshire,Manchester:Greater Manchester,Birmingham:West Midlands,Bristol:Avon,Glasgow:Lanarkshire,Cardiff:Glamorgan,Belfast:Antrim,Sheffield:South Yorkshire,Liverpool:Merseyside
US 16 USD 1 America/New_York|+1212555#### +1646555####|0|english|Inc,Inc,LLC,LLC,LLC,Corp|#####|New York:New York,Boston:Massachusetts,Miami:Florida,Atlanta:Georgia,Philadelphia:Pennsylvania,Newark:New Jersey
US 6 USD 1 America/Chicago|+1312555#### +1214555####|0|english|Inc,LLC,LLC,Corp|#####|Chicago:Illinois,Dallas:Texas,Houston:Texas,Austin:Texas,Nashville:Tennessee
US 6 USD 1 America/Los_Angeles|+1213555#### +1415555####|0|english|Inc,LLC,LLC,Corp|#####|Los Angeles:California,San Diego:California,Seattle:Washington,Portland:Oregon,Las Vegas:Nevada
CA 4 CAD 1 America/Toronto|+1416555#### +1647555####|5|english|Inc,Ltd,Corp|@#@ #@#|Toronto:Ontario,Ottawa:Ontario,Montréal:Québec,Hamilton:Ontario
DE 9 EUR 1 Europe/Berlin|+493023###### +4917139######|19|german|GmbH,GmbH,GmbH,AG,UG,GmbH & Co. KG|#####|Berlin:Berlin,Hamburg:Hamburg,München:Bayern,Köln:Nordrhein-Westfalen,Düsseldorf:Nordrhein-Westfalen,Frankfurt:Hessen,Stuttgart:Baden-Württemberg,Leipzig:Sachsen
AT 2 EUR 1 Europe/Vienna|+43171###### +43660#######|20|german|GmbH,GmbH,AG|####|Wien:Wien,Graz:Steiermark,Linz:Oberösterreich
CH 2 CHF 1 Europe/Zurich|+4144####### +4179#######|8.1|german|AG,GmbH,AG|####|Zürich:Zürich,Basel:Basel-Stadt,Bern:Bern,Genève:Genève
FR 6 EUR 1 Europe/Paris|+3319900#### +3363998####|20|french|SAS,SARL,SA,SAS|#####|Paris:Île-de-France,Lyon:Auvergne-Rhône-Alpes,Marseille:Provence,Lille:Hauts-de-France,Bordeaux:Nouvelle-Aquitaine,Nantes:Pays de la Loire
ES 5 EUR 1 Europe/Madrid|+3491####### +346########|21|spanish|SL,SL,SA,SLU|#####|Madrid:Madrid,Barcelona:Cataluña,Valencia:Valencia,Sevilla:Andalucía,Málaga:Andalucía,Bilbao:País Vasco
PT 2 EUR 1 Europe/Lisbon|+35121####### +35191#######|23|portuguese|Lda,Lda,SA|####-###|Lisboa:Lisboa,Porto:Porto,Braga:Braga,Coimbra:Coimbra
IT 5 EUR 1 Europe/Rome|+3906####### +393########|22|italian|Srl,Srl,SpA,Sas|#####|Roma:Lazio,Milano:Lombardia,Torino:Piemonte,Napoli:Campania,Bologna:Emilia-Romagna
NL 4 EUR 1 Europe/Amsterdam|+3120####### +316########|21|dutch|BV,BV,BV,NV|#### @@|Amsterdam:Noord-Holland,Rotterdam:Zuid-Holland,Utrecht:Utrecht,Eindhoven:Noord-Brabant
BE 2 EUR 1 Europe/Brussels|+322####### +3247#######|21|dutch|BV,NV,SRL|####|Brussel:Brussel,Antwerpen:Antwerpen,Gent:Oost-Vlaanderen
IE 2 EUR 1 Europe/Dublin|+35320911#### +35320912####|23|english|Ltd,Ltd,DAC,PLC|D## @#@#|Dublin:Leinster,Cork:Munster,Galway:Connacht
PL 4 PLN 4 Europe/Warsaw|+4822####### +4850#######|23|polish|Sp. z o.o.,Sp. z o.o.,S.A.|##-###|Warszawa:Mazowieckie,Kraków:Małopolskie,Łódź:Łódzkie,Wrocław:Dolnośląskie,Gdańsk:Pomorskie,Poznań:Wielkopolskie
CZ 2 CZK 22 Europe/Prague|+4202######## +42060#######|21|czech|s.r.o.,s.r.o.,a.s.|### ##|Praha:Praha,Brno:Jihomoravský kraj,Ostrava:Moravskoslezský kraj,Plzeň:Plzeňský kraj
RO 2 RON 4 Europe/Bucharest|+4021####### +4072#######|19|balkan|SRL,SRL,SA|######|București:București,Cluj-Napoca:Cluj,Timișoara:Timiș
BG 2 EUR 1 Europe/Sofia|+3592####### +35988#######|20|balkan|EOOD,OOD,AD|####|Sofia:Sofia,Plovdiv:Plovdiv,Varna:Varna
RS 1 RSD 105 Europe/Belgrade|+38111####### +38164#######|20|balkan|d.o.o.,d.o.o.,a.d.|#####|Beograd:Beograd,Novi Sad:Vojvodina,Niš:Nišava
HU 1 HUF 350 Europe/Budapest|+361####### +3630#######|27|balkan|Kft.,Kft.,Zrt.|####|Budapest:Budapest,Debrecen:Hajdú-Bihar,Szeged:Csongrád
GR 1 EUR 1 Europe/Athens|+30210####### +3069########|24|balkan|AE,EPE,IKE|### ##|Athína:Attikí,Thessaloníki:Makedonía,Pátra:Dytikí Elláda
SE 2 SEK 10 Europe/Stockholm|+468####### +46701740###|25|nordic|AB,AB,AB|### ##|Stockholm:Stockholm,Göteborg:Västra Götaland,Malmö:Skåne,Uppsala:Uppsala
NO 1 NOK 10 Europe/Oslo|+4722###### +474#######|25|nordic|AS,AS,ASA|####|Oslo:Oslo,Bergen:Vestland,Tromsø:Troms
DK 1 DKK 7 Europe/Copenhagen|+4533###### +4520######|25|nordic|ApS,ApS,A/S|####|København:Hovedstaden,Aarhus:Midtjylland,Odense:Syddanmark
FI 1 EUR 1 Europe/Helsinki|+3589####### +35840#######|25.5|nordic|Oy,Oy,Oyj|#####|Helsinki:Uusimaa,Tampere:Pirkanmaa,Turku:Varsinais-Suomi
UA 2 UAH 41 Europe/Kyiv|+38044####### +38067#######|20|ukrainian|LLC,LLC,PJSC|#####|Kyiv:Kyiv,Lviv:Lviv,Odesa:Odesa,Kharkiv:Kharkiv,Dnipro:Dnipropetrovsk
TR 3 TRY 34 Europe/Istanbul|+90212####### +90532#######|20|turkish|A.Ş.,Ltd. Şti.,A.Ş.|#####|İstanbul:Marmara,Ankara:İç Anadolu,İzmir:Ege,Antalya:Akdeniz
AE 4 AED 4 Asia/Dubai|+9714####### +97150#######|5|arabic|LLC,FZE,FZCO,DMCC||Dubai:Dubai,Abu Dhabi:Abu Dhabi,Sharjah:Sharjah
SA 1 SAR 4 Asia/Riyadh|+96611####### +9665########|15|arabic|LLC,JSC|#####|Riyadh:Riyadh,Jeddah:Makkah,Dammam:Eastern Province
EG 2 EGP 48 Africa/Cairo|+202######## +2010########|14|arabic|SAE,LLC|#####|Cairo:Cairo,Alexandria:Alexandria,Giza:Giza
NG 4 NGN 1500 Africa/Lagos|+2341####### +23480########|7.5|african|Ltd,Limited,PLC|######|Lagos:Lagos,Abuja:FCT,Ibadan:Oyo,Kano:Kano,Port Harcourt:Rivers
GH 2 GHS 15 Africa/Accra|+23330####### +23324#######|15|african|Ltd,Limited||Accra:Greater Accra,Kumasi:Ashanti
KE 2 KES 130 Africa/Nairobi|+25420####### +2547########|16|african|Ltd,Limited|#####|Nairobi:Nairobi,Mombasa:Mombasa,Kisumu:Kisumu
ZA 3 ZAR 18 Africa/Johannesburg|+2711####### +2782#######|15|african|(Pty) Ltd,(Pty) Ltd,Ltd|####|Johannesburg:Gauteng,Cape Town:Western Cape,Durban:KwaZulu-Natal,Pretoria:Gauteng
IN 8 INR 84 Asia/Kolkata|+9122######## +9198########|18|indian|Pvt Ltd,Pvt Ltd,Ltd,LLP|######|Mumbai:Maharashtra,Delhi:Delhi,Bengaluru:Karnataka,Hyderabad:Telangana,Chennai:Tamil Nadu,Pune:Maharashtra,Kolkata:West Bengal
PK 3 PKR 280 Asia/Karachi|+9221######## +92300#######|18|indian|(Pvt) Ltd,(Pvt) Ltd,Ltd|#####|Karachi:Sindh,Lahore:Punjab,Islamabad:Islamabad
BD 3 BDT 120 Asia/Dhaka|+8802######## +88017########|15|indian|Ltd,Pvt Ltd|####|Dhaka:Dhaka,Chattogram:Chattogram,Sylhet:Sylhet
SG 3 SGD 1 Asia/Singapore|+656####### +659#######|9|asian|Pte Ltd,Pte Ltd|######|Singapore:
HK 3 HKD 8 Asia/Hong_Kong|+8522####### +8529#######|0|asian|Ltd,Limited||Hong Kong:Central,Kowloon:Kowloon
PH 3 PHP 57 Asia/Manila|+632######## +63917#######|12|asian|Inc,Corp|####|Manila:Metro Manila,Cebu City:Cebu,Davao:Davao del Sur
VN 1 VND 25000 Asia/Ho_Chi_Minh|+8428######## +8490#######|10|asian|JSC,Co. Ltd|######|Hà Nội:Hà Nội,Đà Nẵng:Đà Nẵng,Cần Thơ:Cần Thơ
ID 2 IDR 16000 Asia/Jakarta|+6221######## +62812########|11|asian|Tbk,Persada,Nusantara|#####|Jakarta:DKI Jakarta,Surabaya:Jawa Timur,Bandung:Jawa Barat
JP 2 JPY 150 Asia/Tokyo|+813######## +8190########|10|japanese|KK,KK,GK|###-####|東京:東京都,大阪:大阪府,Nagoya:Aichi,Yokohama:Kanagawa,Fukuoka:Fukuoka
AU 3 AUD 1 Australia/Sydney|+6125550#### +61491570###|10|english|Pty Ltd,Pty Ltd,Ltd|####|Sydney:New South Wales,Melbourne:Victoria,Canberra:ACT,Newcastle:New South Wales
NZ 1 NZD 1 Pacific/Auckland|+649####### +6421#######|15|english|Ltd,Limited|####|Auckland:Auckland,Wellington:Wellington
BR 4 BRL 5 America/Sao_Paulo|+5511######## +55119########|0|portuguese|Ltda,Ltda,S.A.|#####-###|São Paulo:SP,Rio de Janeiro:RJ,Belo Horizonte:MG,Brasília:DF,Curitiba:PR
MX 3 MXN 18 America/Mexico_City|+5255######## +5281########|16|spanish|SA de CV,SA de CV,SAPI|#####|Ciudad de México:CDMX,Guadalajara:Jalisco,Puebla:Puebla,León:Guanajuato
CO 2 COP 4200 America/Bogota|+57601####### +57300#######|19|spanish|SAS,SAS,SA|######|Bogotá:Cundinamarca,Medellín:Antioquia,Cali:Valle del Cauca
AR 1 ARS 1000 America/Argentina/Buenos_Aires|+5411######## +54911########|21|spanish|SRL,SA|@####@@@|Buenos Aires:Buenos Aires,Rosario:Santa Fe,Córdoba:Córdoba
"""


@dataclass(frozen=True)
class Place:
    """A city, and what is usual there."""

    country: str
    city: str
    region: str
    currency: str
    units: int
    """About how many units of its currency a dollar buys."""
    zone: str
    landline: tuple[str, int]
    mobile: tuple[str, int]
    """The beginning of a number, and how many digits follow."""
    tax: str
    culture: str
    legal_forms: tuple[str, ...]
    postcodes: tuple[str, ...]
    streets: tuple[str, ...]


def places(rng: Random) -> tuple[Place, ...]:
    """All cities, each as often as customers come from there."""
    found: list[Place] = []
    for line in COUNTRIES.strip().splitlines():
        head, numbers, tax, culture, forms, postcode, cities = line.split("|")
        country, share, currency, units, zone = head.split()
        landline, mobile = map(_number, numbers.split())
        named = [city.split(":") for city in cities.split(",")]
        made = [
            Place(
                country=country,
                city=city,
                region=region,
                currency=currency,
                units=int(units),
                zone=zone,
                landline=landline,
                mobile=mobile,
                tax=tax,
                culture=culture,
                legal_forms=tuple(forms.split(",")),
                postcodes=tuple(_filled(rng, postcode) for _ in range(50)),
                streets=tuple(_street(rng, culture) for _ in range(80)),
            )
            for city, region in named
        ]
        # The first city of a country is its largest.
        found += [made[0] if turn % 5 < 2 else rng.choice(made) for turn in range(int(share) * 10)]
    return tuple(found)


def number(random: float, range_: tuple[str, int]) -> str:
    """A phone number of a range, chosen by a number from 0 to 1."""
    start, digits = range_
    return f"{start}{int(random * 10**digits):0{digits}}"


def _number(pattern: str) -> tuple[str, int]:
    return pattern.rstrip("#"), pattern.count("#")


def _filled(rng: Random, pattern: str) -> str:
    digits = {"#": "123456789", "@": ascii_uppercase}
    return "".join(rng.choice(digits[sign]) if sign in digits else sign for sign in pattern)


def _street(rng: Random, culture: str) -> str:
    return rng.choice(STREETS[culture].split("|")).format(rng.randint(1, 180))
