"""Names of invented people: given names and family names by where the family comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a family comes from; ``share`` is its weight, ``states`` the places of birth of its adults."""

    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    states: tuple[str, ...]


ITALIAN_PLACES = (
    "H501", "F205", "L219", "F839", "A944", "D612", "D969", "G273", "A271", "A182", "F023", "A662", "C351", "L781", "H294",
)  # fmt: skip

ORIGINS = (
    Origin(
        70,
        ("Anna", "Giulia", "Sofia", "Aurora", "Martina", "Chiara", "Alice", "Emma", "Ginevra", "Beatrice", "Camilla",
         "Noemi", "Maria Addolorata", "Elena", "Viola", "Matilde", "Bianca", "Rebecca", "Gaia", "Margherita", "Nina"),
        ("Luca", "Leonardo", "Francesco", "Lorenzo", "Alessandro", "Mattia", "Tommaso", "Gabriele", "Andrea", "Riccardo",
         "Niccolò", "Edoardo", "Pietro", "Giovanni Battista", "Samuele", "Diego", "Nicolò Maria", "Elia", "Davide"),
        ("Rossi", "Bianchi", "Ferrari", "Russo", "Esposito", "Romano", "Gallo", "Conti", "De Luca", "Costa", "Giordano",
         "Mancini", "Rizzo", "Lombardi", "Moretti", "Barbieri", "Fontana", "Santoro", "Mariani", "Rinaldi", "Caruso",
         "D’Amico", "Dell’Orto", "Sanfilippo Bevilacqua", "Della Valle", "Lo Presti", "Di Gregorio", "Monti", "Serra",
         "Testa", "Palumbo", "Farina", "Rossetti Colonna", "Pellegrini", "Valentini", "Guerra", "Bernardi", "Orlando"),
        ITALIAN_PLACES,
    ),
    Origin(
        8, ("Ioana", "Andreea", "Ștefania", "Maria"), ("Ștefan", "Andrei", "Mihai", "Luca"),
        ("Popescu", "Ionescu", "Dumitrașcu", "Țăranu", "Munteanu"), ("Z129", "Z140"),
    ),
    Origin(
        6, ("Amina", "Fatima Zahra", "Salma", "Nour"), ("Youssef", "Adam", "Ilyas", "Omar"),
        ("El Amrani", "Haddad", "Ben Salah", "El Fassi", "Bouazza"), ("Z330", "Z352", "Z336"),
    ),
    Origin(5, ("Era", "Klea", "Amelia"), ("Ergi", "Noel", "Dritan"), ("Hoxha", "Shehu", "Gjoka", "Çela"), ("Z100",)),
    Origin(
        3, ("Zofia", "Oliwia", "Olena"), ("Michał", "Jakub", "Oleksandr"),
        ("Wiśniewska-Małecki", "Kowalczyk", "Łukasik", "Shevchenko"),
        ("Z127", "Z138"),
    ),
    Origin(3, ("Xin Yi", "Mei", "Giada"), ("Hao", "Jun Wei", "Marco"), ("Hu", "Chen", "Zhou"), ("Z210",)),
    Origin(2, ("Elif", "Zeynep"), ("Emre", "Yiğit"), ("Yıldız", "Doğan", "Çağlar"), ("Z243",)),
    Origin(2, ("Ana", "Marija"), ("Željko", "Luka"), ("Šimić", "Đorđević", "Marković"), ("Z149", "Z158")),
    Origin(3, ("Ngozi", "Aïssatou"), ("Chukwuemeka", "Mamadou"), ("Okonkwo", "Diop", "N’Diaye"), ("Z335", "Z343")),
    Origin(
        3, ("Valeria", "Luciana"), ("Mateo", "Ángel Jesús"), ("Quispe Huamán", "García Zambrano", "Flores Mendoza"),
        ("Z611", "Z605"),
    ),
    Origin(3, ("Ananya", "Simran"), ("Arjun", "Rafiq"), ("Singh", "Kaur", "Rahman", "Hossain"), ("Z222", "Z236", "Z249")),
)  # fmt: skip

# Parents are seldom called like their children.
MOTHERS = (
    "Maria", "Francesca", "Laura", "Paola", "Silvia", "Elisa", "Valentina", "Federica", "Sara", "Cristina", "Barbara",
    "Monica",
)  # fmt: skip
FATHERS = (
    "Marco", "Stefano", "Paolo", "Roberto", "Simone", "Fabio", "Massimo", "Alberto", "Daniele", "Michele", "Giuseppe",
    "Enrico",
)  # fmt: skip
