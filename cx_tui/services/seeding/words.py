"""The words that the demonstration world is made of."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


STARTS = _words("""
    Ac Ad Al Alt Am An Aqua Ar Astra At Au Av Az Bel Ber Bo Bri Cal Can Cel Ci Clar Co Cor Cro Da Del Di
    Do Du Ec El Em En Er Eu Ev Fal Fi Flo For Ga Gen Glo Gra Ha Hel Hy In Io Is Ja Ju Ka Ke Kin Ko La Le
    Li Lo Lu Lyn Ma Mer Mi Mo Na Neo Ni No Nu Oc Om On Or Pa Pe Pi Po Pri Qua Ra Re Ri Ro Sa Se Si So
    Sta Su Ta Te Ti To Tri Tru Ul Un Va Ve Vi Vo Wa We Xe Ya Ze Zi Zo
""")

ENDS = _words("""
    bria bridge cadia cara cast cell cia cora dara delis dex dia dion dora fera fine fon gate gen gera
    kara lara laris lena lex lia line linga linx lis lona lora lum lynx mara mark max meda mera mia mira
    mont nara nera net nexa nia nix nora nova ntis ona ora oria phon plex pora quest ra rea relia rena
    ria rion ris rona rys sara sel sera sia sis sona spire star sys tara tel tera tia tona tora tria
    tron tura valis vana vera via vina vion vista voca vox wave xia xis yon zen zera zia
""")

TRADES = _words("""
    Telecom Telecom Telecom Telecom Voice Voice Voice Networks Networks Communications Communications
    Carrier Wholesale Telephony VoIP SIP Connect Exchange Interconnect Termination Comms Mobile
    Broadband Link Global Digital Cloud Net Calls Talk Dial Trunking Transit Gateway Numbers Line Tone
    Phone Fibre Unified Messaging Media Systems Solutions Services Technologies International Partners
    Group Holdings Signal Routing Switch Roaming Contact Access
""")

MORE_TRADES = (
    "Carrier Services",
    "Voice Services",
    "Telecom Services",
    "Call Centre",
    "Contact Centres",
    "Business Telecom",
    "Wholesale Voice",
    "Network Services",
    "Cloud Voice",
    "SIP Trunking",
    "Global Carrier",
    "Voice Exchange",
    "Mobile Networks",
    "Data & Voice",
    "Hosted Voice",
    "Unified Communications",
    "Call Termination",
    "Numbering Services",
)

COLOURS = _words("""
    Amber Arctic Blue Bold Bright Broad Bronze Calm Clear Copper Coral Crimson Crystal Deep Distant
    Early East Eastern Emerald Fair Far Fast First Fresh Golden Grand Green Grey High Indigo Iron Ivory
    Jade Keen Light Lucky Lunar Marble Mint New Noble North Northern Open Orange Pacific Pearl Plain
    Polar Prime Proud Quick Quiet Rapid Red Royal Ruby Sapphire Scarlet Silent Silver Slate Smart Solar
    Solid South Southern Stone Summer Sunny Swift True Urban Violet Vivid Western White Wide Wild Winter
""")

THINGS = _words("""
    Anchor Arch Arrow Badger Bay Beacon Bear Birch Bison Bridge Brook Canyon Cape Cedar Cliff Cloud
    Comet Compass Condor Coast Crane Creek Crest Crown Delta Dolphin Dune Eagle Echo Elm Falcon Fern
    Field Finch Fjord Forest Fox Garden Gate Glacier Grove Gull Harbour Harbor Hare Hawk Haven Heron
    Hill Horizon Ibis Island Jaguar Kestrel Kite Lagoon Lake Lantern Lark Leaf Lighthouse Lion Lynx
    Maple Marina Meadow Mesa Mill Moon Moose Mountain Oak Oasis Ocean Olive Orchid Osprey Otter Owl Palm
    Panda Peak Pelican Pier Pine Plaza Point Prairie Puma Quarry Raven Reef Ridge River Robin Rock Sail
    Seal Shore Sky Spring Star Stag Stork Stream Summit Sun Swan Tiger Tower Trail Valley Wave Willow
    Wind Wolf Wood Wren
""")

LETTERS = "AABCCDEEFGHIIJKLLMMNNOOPQRRSSTTUVWXYZ"

FAMILIES = {
    "english": """Adams Allen Archer Baker Barnes Bennett Black Bolton Bradley Brooks Carter Clarke
        Coleman Cooper Cross Dalton Davies Dawson Dixon Ellis Evans Fisher Fletcher Foster
        Gibson Grant Green Hamilton Harper Hayes Hughes Hunter Jackson Jennings Kelly Lawson
        Marshall Mason Miller Mitchell Morgan Murphy Nolan O'Brien O'Neill Parker Pearson Porter
        Quinn Reid Rhodes Saunders Shaw Spencer Stone Sullivan Taylor Turner Walker Walsh Watson
        Webb Wilson Wright""",
    "german": """Albrecht Bauer Becker Braun Brandt Busch Dietrich Fischer Frank Graf Hartmann Hoffmann
        Huber Jäger Kaiser Keller Koch Köhler König Krüger Lang Lehmann Maier Meyer Müller
        Neumann Pfeiffer Richter Roth Schäfer Schmidt Schneider Schröder Schulz Seidel Vogel
        Wagner Weber Weiß Winkler Wolf Ziegler""",
    "french": """Bernard Bertrand Blanc Bonnet Boyer Chevalier Clément Dubois Dumont Dupont Durand
        Fontaine Fournier Garnier Gauthier Girard Lambert Laurent Lefèvre Legrand Leroy Marchand
        Martin Mercier Moreau Perrin Petit Picard Renard Rousseau Roux Simon Vidal""",
    "spanish": """Aguilar Álvarez Blanco Cabrera Campos Castillo Cortés Cruz Delgado Díaz Domínguez
        Fernández Flores García Gómez González Herrera Ibáñez Jiménez López Marín Martínez
        Medina Molina Morales Moreno Navarro Núñez Ortega Peña Ramírez Ramos Reyes Romero Ruiz
        Salazar Serrano Suárez Torres Vargas Vega""",
    "portuguese": """Almeida Alves Araújo Barbosa Cardoso Carvalho Correia Costa Dias Fernandes Ferreira
        Gonçalves Guimarães Lima Lopes Magalhães Martins Mendes Monteiro Moreira Nunes Oliveira
        Pereira Pinto Ribeiro Rocha Santos Silva Soares Sousa Teixeira Vieira""",
    "italian": """Barbieri Bianchi Bruno Caruso Conti Costa De_Luca Esposito Ferrara Ferrari Fontana Galli
        Gallo Giordano Greco Leone Longo Lombardi Mancini Marino Martini Moretti Ricci Rinaldi
        Rizzo Romano Rossi Russo Santoro Vitale""",
    "polish": """Adamczyk Dąbrowski Górski Jabłoński Jankowski Kamiński Kowalczyk Kowalski Kozłowski
        Lewandowski Majewski Mazur Nowak Nowicki Olszewski Pawłowski Piotrowski Sikora Szymański
        Wiśniewski Witkowski Wójcik Wróbel Zając Zieliński""",
    "nordic": """Andersson Berg Bergström Björk Carlsson Dahl Eriksson Forsberg Hagen Halvorsen Hansen
        Holm Jensen Johansson Kristensen Larsen Lind Lindqvist Lund Madsen Møller Nielsen
        Nilsson Nygård Olsen Sandberg Sjöberg Sørensen Strand Sund Virtanen Åberg""",
    "czech": """Beneš Bartoš Černý Doležal Dvořák Fiala Hájek Horák Jelínek Kolář Král Kučera Malý Marek
        Němec Novák Novotný Pokorný Pospíšil Procházka Růžička Sedláček Svoboda Urban Veselý
        Zeman""",
    "dutch": """Bakker Bos Brouwer De_Boer De_Jong De_Vries Dekker Dijkstra Hendriks Hermans Jacobs
        Janssen Kok Koster Kuiper Maas Meijer Mulder Peeters Prins Schouten Smit Van_Dam
        Van_Dijk Verhoeven Visser Vos Willems""",
    "balkan": """Angelov Antonescu Dimitrov Dumitru Georgiev Horvat Ilić Ionescu Ivanov Jovanović Kovač
        Kovács Marković Nagy Nikolić Novaković Petrov Petrović Popescu Popović Radu Stan
        Stoyanov Szabó Todorov Tóth Varga Vasile""",
    "turkish": """Aksoy Arslan Aydın Çelik Çetin Demir Doğan Erdoğan Güneş Kaplan Kaya Kılıç Korkmaz Koç
        Kurt Özdemir Özkan Öztürk Polat Şahin Şimşek Taş Yıldız Yılmaz""",
    "arabic": """Abbas Aziz Darwish Fadel Farouk Habib Haddad Hakim Hamdan Hassan Ibrahim Jaber Karim
        Khalil Khoury Mansour Nasser Noor Qasim Rahman Saad Salem Sharif Suleiman Tawfiq Yousef
        Zaki""",
    "indian": """Agarwal Ahmed Akhtar Banerjee Bhatt Chaudhary Chopra Das Desai Gupta Hossain Iyer Jain
        Joshi Kapoor Khan Kumar Malik Mehta Mukherjee Nair Patel Rao Reddy Roy Saxena Shah
        Sharma Siddiqui Singh Srinivasan Verma""",
    "asian": """Bautista Chan Chen Cheung Cruz Ho Huang Kim Kwok Lam Le Lee Leung Lim Lin Liu Ng Nguyen
        Ong Park Pham Reyes Santos Suharto Tan Teo Tran Wang Wibowo Wong Wu Yang Yeo Zhang""",
    "japanese": """Abe Endo Fujita Goto Hasegawa Hayashi Ito Kato Kimura Kobayashi Kondo Maeda Matsumoto
        Mori Nakamura Ogawa Okada Saito Sakamoto Sasaki Sato Shimizu Suzuki Takahashi Tanaka
        Ueda Watanabe Yamamoto Yoshida""",
    "african": """Abara Achieng Adeyemi Afolabi Agyeman Asante Banda Boateng Botha Chukwu Dlamini Eze
        Kamau Khumalo Kimani Mensah Mokoena Mutua Mwangi Ndlovu Njoroge Nkosi Nwosu Obi Ochieng
        Odhiambo Okafor Okonkwo Onyango Osei Owusu Sithole van_Wyk Wanjiru""",
    "ukrainian": """Boyko Bondarenko Hrytsenko Ivanenko Kolomiets Koval Kovalchuk Kravchenko Lysenko
        Marchenko Melnyk Moroz Oliynyk Petrenko Polishchuk Rudenko Savchenko Shevchenko
        Tkachenko Zinchenko""",
}

GIVEN = {
    "english": """Adam Alice Amy Andrew Ben Charlotte Chris Claire Daniel David Ellen Emma George Grace
        Hannah Helen Jack James Jane Joe John Kate Laura Liam Lucy Mark Mary Michael Olivia Paul
        Peter Rachel Rob Sam Sarah Sean Simon Sophie Steve Tom""",
    "german": """Anja Anna Bernd Birgit Dirk Eva Florian Frank Greta Hans Heike Jan Jens Jörg Julia
        Jürgen Karin Klaus Lena Lukas Markus Martina Max Moritz Petra Sabine Stefan Ulrike Ute
        Uwe Wolfgang""",
    "french": """Alain Amélie André Camille Céline Chloé Claude Élise François Hélène Hugo Jean Julie Léa
        Louis Lucas Marc Marie Mathieu Nicolas Paul Pierre René Sophie Sylvie Thomas""",
    "spanish": """Alejandro Ana Andrés Beatriz Carlos Carmen Diego Elena Francisco Inés Javier Jesús José
        Juan Laura Lucía Luis Manuel María Marta Mateo Miguel Pablo Pilar Rafael Rosa Sergio
        Sofía""",
    "portuguese": """Ana António Beatriz Bruno Carla Carlos Catarina Daniel Diogo Duarte Inês Joana João José
        Luís Manuel Maria Marta Miguel Nuno Paulo Pedro Rita Rui Sofia Tiago""",
    "italian": """Alessandro Andrea Anna Bruno Chiara Davide Elena Fabio Federico Francesca Giorgia
        Giovanni Giulia Luca Marco Maria Martina Matteo Paola Paolo Roberto Sara Silvia Stefano""",
    "polish": """Adam Agnieszka Anna Bartosz Ewa Grzegorz Jakub Jan Joanna Kamil Katarzyna Krzysztof
        Łukasz Magdalena Marek Michał Monika Paweł Piotr Tomasz Wojciech Zofia""",
    "nordic": """Anders Anna Astrid Björn Emma Erik Freja Gustav Henrik Ida Ingrid Jens Johan Karin Lars
        Linnea Magnus Maja Mikael Mikko Nils Ole Sofie Søren Sven""",
    "czech": """Adéla Alena David Eva Hana Jan Jana Jiří Josef Karel Kateřina Lenka Lucie Marek Martin
        Michal Ondřej Pavel Petr Petra Tomáš Věra Zdeněk""",
    "dutch": """Anouk Bart Bram Daan Eva Femke Fleur Hans Ingrid Jan Jeroen Joost Kees Lars Lotte
        Maarten Mark Pieter Ruben Saskia Sanne Sven Tess Tim Willem""",
    "balkan": """Adrian Alexandru Ana Andrei Boris Bálint Dragan Elena Gergely Goran Ioana Ivan Jelena
        László Maria Marko Mihai Milan Nikola Péter Stefan Vesna Zoltán""",
    "turkish": """Ahmet Ayşe Can Cem Deniz Ece Elif Emre Fatma Gül Hakan Hasan Kemal Mehmet Merve Murat
        Mustafa Ömer Selin Serkan Yusuf Zeynep""",
    "arabic": """Ahmed Ali Amina Dina Farah Fatima Hala Hassan Huda Ibrahim Karim Khalid Layla Mahmoud
        Mona Nadia Omar Rami Rania Salma Samir Tariq Yasmin Youssef""",
    "indian": """Aarav Aditi Ajay Amit Ananya Anil Arjun Asha Deepak Divya Farhan Imran Kavita Kiran
        Lakshmi Meera Neha Nikhil Pooja Priya Rahul Rajesh Sanjay Sunita Vikram Zara""",
    "asian": """Alvin Amy Angela Budi Carmen Chi Daniel Dewi Grace Hui Jason Jenny Jin Joy Kai Kelvin
        Linh Mei Minh Ming Siti Soo Vincent Wei Xin Ying""",
    "japanese": """Aiko Akira Daisuke Emi Haruka Hiroshi Kaori Kenji Keiko Makoto Mariko Naoki Ryo Sakura
        Satoshi Takashi Tomoko Yoko Yuki Yuto""",
    "african": """Abena Achieng Ade Amara Chidi Chinwe Emeka Esther Faith Femi Grace Ifeoma James Joseph
        Kofi Kwame Lerato Lindiwe Mary Naledi Ngozi Peter Samuel Sipho Thabo Tunde Wanjiku
        Zanele""",
    "ukrainian": """Anastasia Andriy Bohdan Dmytro Halyna Iryna Kateryna Maksym Maria Mykola Nadia Oksana
        Oleh Oleksandr Olena Pavlo Serhiy Taras Vasyl Viktor Yulia""",
}

STREETS = {
    "english": (
        "{} High Street|{} Mill Lane|{} Station Road|{} Park Avenue|{} Church Road|"
        "{} Market Street|{} King Street|{} Bridge Road|Unit {} Trade Park|{} Harbour Way|"
        "{} Exchange Square|Suite {}, The Quay"
    ),
    "german": (
        "Hauptstr. {}|Bahnhofstr. {}|Lindenweg {}|Gartenstr. {}|Schillerplatz {}|Hafenstr. {}|Ringstr. {}"
    ),
    "french": (
        "{} rue Victor Hugo|{} rue de la Gare|{} avenue Foch|{} place du Marché|{} bd Voltaire|{} quai Sud"
    ),
    "spanish": (
        "Calle Mayor {}|Calle Real {}|Av. Libertad {}|Paseo del Río {}|Plaza Nueva {}|Av. Central {}"
    ),
    "portuguese": (
        "Rua Direita {}|Av. da Liberdade {}|Rua Nova {}|Rua do Sol {}|Av. Paulista {}|Rua das Flores {}"
    ),
    "italian": ("Via Roma {}|Via Garibaldi {}|Corso Italia {}|Via Verdi {}|Piazza Duomo {}|Viale Europa {}"),
    "polish": ("ul. Długa {}|ul. Polna {}|ul. Leśna {}|al. Jana Pawła {}|ul. Szkolna {}"),
    "nordic": ("Storgatan {}|Kungsgatan {}|Havnegade {}|Storgata {}|Strandvägen {}|Nygade {}"),
    "czech": ("Hlavní {}|Nádražní {}|Dlouhá {}|Školní {}|Zahradní {}"),
    "dutch": ("Kerkstraat {}|Dorpsstraat {}|Stationsweg {}|Keizersgracht {}|Havenweg {}"),
    "balkan": ("Str. Unirii {}|Trg slobode {}|Fő utca {}|Str. Victoriei {}|ul. Vitosha {}"),
    "turkish": ("Atatürk Cd. {}|İstiklal Cd. {}|Cumhuriyet Cd. {}|Bağdat Cd. {}"),
    "arabic": ("{} Tower Road|Session {}, Gate Building|{} Corniche Street|{} King Road|{} Nile Street"),
    "indian": ("{} MG Road|{} Park Street|Plot {}, Tech Park|{} Ring Road|{} Nehru Road"),
    "asian": (
        "{} Orchard Road|{} Nathan Road|{}/F Harbour Centre|{} Jalan Sudirman|{} Ayala Avenue|{} Le Loi"
    ),
    "japanese": ("{}-2 Marunouchi|{}-7 Shinjuku|{}-3 Umeda|{}-1 Sakae|{}-5 Ginza"),
    "african": ("{} Main Road|{} Broad Street|{} Moi Avenue|{} Independence Avenue|{} Long Street"),
    "ukrainian": ("vul. Shevchenka {}|vul. Franka {}|pr. Svobody {}|vul. Lesi Ukrainky {}"),
}

NATIVE = {
    "JP": (
        {
            "東京": "tokyo",
            "大阪": "osaka",
            "横浜": "yokohama",
            "名古屋": "nagoya",
            "札幌": "sapporo",
            "福岡": "fukuoka",
            "神戸": "kobe",
            "京都": "kyoto",
            "富士": "fuji",
            "桜": "sakura",
            "日本": "nihon",
            "青山": "aoyama",
            "北海": "hokkai",
            "若葉": "wakaba",
            "朝日": "asahi",
            "瀬戸": "seto",
        },
        {
            "テレコム": "telecom",
            "通信": "tsushin",
            "ネットワーク": "network",
            "ボイス": "voice",
            "電話": "denwa",
            "コム": "com",
            "ネット": "net",
            "システム": "system",
            "サービス": "service",
            "モバイル": "mobile",
        },
    ),
    "UA": (
        {
            "Дніпро ": "dnipro",
            "Київ ": "kyiv",
            "Львів ": "lviv",
            "Одеса ": "odesa",
            "Карпати ": "karpaty",
            "Поділ ": "podil",
            "Хортиця ": "khortytsia",
            "Світанок ": "svitanok",
            "Обрій ": "obriy",
        },
        {
            "Телеком": "telecom",
            "Зв’язок": "zviazok",
            "Мережі": "merezhi",
            "Голос": "holos",
            "Лінія": "liniia",
            "Телефонія": "telefoniia",
            "Комунікації": "komunikatsii",
        },
    ),
    "GR": (
        {
            "Αιγαίο ": "aigaio",
            "Ήλιος ": "ilios",
            "Αθήνα ": "athina",
            "Κύκλος ": "kyklos",
            "Όλυμπος ": "olympos",
        },
        {"Τηλεφωνία": "tilefonia", "Επικοινωνίες": "epikoinonies", "Δίκτυα": "diktya", "Φωνή": "foni"},
    ),
}
"""Names in other scripts: beginnings and ends, each with how it is written in a domain."""

RESELLERS = (
    *[""] * 8,
    "Northgate Resellers",
    "Atlas Partners",
    "Blue Harbour",
    "Iberia Workspace",
    "DACH Workspace",
    "Nordics Workspace",
    "MEA Workspace",
    "APAC Workspace",
    "LATAM Workspace",
    "Cloudline Partners",
    "Sterling Agents",
)

MANAGERS = (
    "Ana Ruiz",
    "Ben Carter",
    "Chloé Martin",
    "David Osei",
    "Elif Kaya",
    "Farah Khalil",
    "Jonas Weber",
    "Katarzyna Nowak",
    "Liam Walsh",
    "Mei Tan",
    "Priya Nair",
    "Sofia Costa",
    "Tom Fletcher",
    "Yuki Sato",
)

INVOICE_TEMPLATES = ("", "", "", "", "Standard", "EU reverse charge", "Detailed", "Summary only")

TAGS = _words("""
    retail wholesale reseller call-centre a-z premium uk eu us africa apac latam latam-mobile cli
    conversational short-duration otp sms did-only vip trial high-risk watch legacy migrated tls ipv6
    prepaid-card hotel enterprise emergency fax white-label
""")

PUBLIC_NOTES = (
    "Rates are sent on Fridays.",
    "Invoices go to the billing contact only.",
    "Maintenance window: Sunday 02:00-04:00 UTC.",
    "Please announce route changes 24 hours ahead.",
    "Own number range, ported in last year.",
    "Traffic forecast: 20 % more from next month.",
    "Uses G.729 only.",
    "Supports TLS and SRTP on request.",
    "Top-ups by bank transfer, two days to arrive.",
    "CLI must be sent in E.164.",
)

PRIVATE_NOTES = (
    "Late payer: two reminders last quarter.",
    "Asked for better rates to India Mobile.",
    "Short calls in bursts at night; watch ASR.",
    "Moved from the old switch, routes checked.",
    "Owner is the brother of another customer's owner.",
    "Do not raise the debit limit without asking finance.",
    "FAS complaint in March, credited.",
    "Call the NOC before blocking, they react at once.",
    "Test calls agreed until the end of the month.",
    "Passport copy of the owner received.",
    "Penalty lifted after they removed the dialler.",
    "Wants a post-pay limit; references are missing.",
    "Three IPs expected, only one is announced.",
    "Good margin on UK landline, keep them happy.",
)
