"""The forty buyers: who they are, where and how they read. A data table; every row of it is valid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Buyer:
    """One buyer of leads.

    ``id`` is also the first label of the mail domain; ``mailbox`` the part before the @; ``market`` a key of
    ``MARKETS``; ``zone`` an IANA name; ``language`` a BCP 47 tag; ``formats`` in order of preference; ``weekly`` the
    leads a week that the buyer's size stands for (relative to the others); ``products`` the main one first.
    """

    id: str
    name: str
    contact: str
    mailbox: str
    place: str
    market: str
    language: str
    zone: str
    currency: str
    formats: tuple[str, ...]
    tier: str
    weekly: int
    products: tuple[str, ...]

    @property
    def email(self) -> str:
        """Address of the contact, under the reserved domain ``.example`` (RFC 2606)."""
        return f"{self.mailbox}@{self.id}.example"


_PDF, _BOTH, _SHEETS, _WEB = ("pdf",), ("pdf", "xlsx"), ("xlsx", "csv"), ("html",)
_CHI, _NYC, _LAX = "America/Chicago", "America/New_York", "America/Los_Angeles"
_LON, _BER, _SYD, _SAO = "Europe/London", "Europe/Berlin", "Australia/Sydney", "America/Sao_Paulo"

# fmt: off
BUYERS: tuple[Buyer, ...] = (
    Buyer("harbor-home-solar", "Harbor Home Solar", "Luis Ortega", "luis.ortega", "Austin, Texas", "us-tx", "en-US", _CHI, "USD", _BOTH, "gold", 1085, ("Solar", "Battery")),
    Buyer("lakeshore-mortgage", "Lakeshore Mortgage", "Renee Kowalski", "reports", "Chicago, Illinois", "us-mid", "en-US", _CHI, "USD", _BOTH, "silver", 88, ("Mortgage",)),
    Buyer("prairie-home-warranty", "Prairie Home Warranty", "Owen Lindgren", "bi", "Des Moines, Iowa", "us-mid", "en-US", _CHI, "USD", _BOTH, "silver", 91, ("Insurance",)),
    Buyer("lone-star-roofing", "Lone Star Roofing", "Marisol Vega", "marisol.vega", "Dallas, Texas", "us-tx", "en-US", _CHI, "USD", _PDF, "gold", 138, ("Roofing", "Solar")),
    Buyer("bayou-insulation", "Bayou Insulation", "Étienne Thibodeaux", "etienne", "New Orleans, Louisiana", "us-mid", "en-US", _CHI, "USD", _PDF, "bronze", 52, ("Insulation",)),
    Buyer("twin-cities-heat", "Twin Cities Heat", "Ingrid Sørensen", "ingrid", "Minneapolis, Minnesota", "us-mid", "en-US", _CHI, "USD", _SHEETS, "silver", 79, ("Heat pump", "Insulation")),
    Buyer("hudson-auto-cover", "Hudson Auto Cover", "Priya Raman", "intake", "New York, New York", "us-east", "en-US", _NYC, "USD", _BOTH, "gold", 154, ("Insurance",)),
    Buyer("pinnacle-windows", "Pinnacle Windows", "Dominic Ferraro", "kpi", "Philadelphia, Pennsylvania", "us-east", "en-US", _NYC, "USD", _BOTH, "gold", 150, ("Windows",)),
    Buyer("tidewater-solar", "Tidewater Solar", "Alicia Brandt", "reports", "Norfolk, Virginia", "us-east", "en-US", _NYC, "USD", _BOTH, "silver", 68, ("Solar", "Battery")),
    Buyer("meridian-home", "Meridian Home", "Dana Whitlock", "dana.whitlock", "Atlanta, Georgia", "us-east", "en-US", _NYC, "USD", _BOTH, "silver", 121, ("Heat pump", "Windows")),
    Buyer("blue-ridge-battery", "Blue Ridge Battery", "Calvin Yates", "calvin", "Charlotte, North Carolina", "us-east", "en-US", _NYC, "USD", _WEB, "bronze", 57, ("Battery", "Solar")),
    Buyer("keystone-lending", "Keystone Lending", "Joanne Petrakis", "leads", "Pittsburgh, Pennsylvania", "us-east", "en-US", _NYC, "USD", _SHEETS, "silver", 83, ("Mortgage",)),
    Buyer("sol-brillante", "Sol Brillante", "Xiomara Peña", "xiomara.pena", "Miami, Florida", "us-east", "es-US", _NYC, "USD", _BOTH, "silver", 96, ("Solar", "Roofing")),
    Buyer("pacific-crest-solar", "Pacific Crest Solar", "Grace Nakamura", "grace", "San Diego, California", "us-west", "en-US", _LAX, "USD", _BOTH, "gold", 143, ("Solar", "Battery")),
    Buyer("cascade-heat-pumps", "Cascade Heat Pumps", "Theo Marsh", "theo", "Portland, Oregon", "us-west", "en-US", _LAX, "USD", _PDF, "bronze", 61, ("Heat pump",)),
    Buyer("mojave-energy", "Mojave Energy", "Rosa Delgadillo", "ops", "Las Vegas, Nevada", "us-west", "en-US", _LAX, "USD", _SHEETS, "silver", 74, ("Solar",)),
    Buyer("redwood-home-loans", "Redwood Home Loans", "Kevin O’Dowd", "kevin.odowd", "Sacramento, California", "us-west", "en-US", _LAX, "USD", _PDF, "bronze", 66, ("Mortgage",)),
    Buyer("verdant-home-services", "Verdant Home Services", "Jane Hartley", "j.hartley", "London", "gb", "en-GB", _LON, "GBP", _BOTH, "gold", 96, ("Heat pump", "Solar")),
    Buyer("kestrel-insurance", "Kestrel Insurance", "Imran Siddiqui", "mi", "London", "gb", "en-GB", _LON, "GBP", _SHEETS, "gold", 132, ("Insurance",)),
    Buyer("ferncroft-kitchens", "Ferncroft Kitchens", "Beth Ashworth", "hello", "London", "gb", "en-GB", _LON, "GBP", _PDF, "bronze", 105, ("Kitchen",)),
    Buyer("pennine-heat-pumps", "Pennine Heat Pumps", "Gareth Illingworth", "gareth", "Leeds", "gb", "en-GB", _LON, "GBP", _BOTH, "silver", 71, ("Heat pump",)),
    Buyer("caledonian-insulation", "Caledonian Insulation", "Mairi MacLeod", "mairi", "Edinburgh", "gb", "en-GB", _LON, "GBP", _WEB, "bronze", 54, ("Insulation",)),
    Buyer("ty-haul-solar", "Tŷ Haul Solar", "Siân Llewelyn", "sian", "Cardiff", "gb", "en-GB", _LON, "GBP", _PDF, "bronze", 47, ("Solar",)),
    Buyer("gruenwald-solar", "Grünwald Solar", "Jürgen Grünwald", "einkauf", "Berlin", "de", "de-DE", _BER, "EUR", _BOTH, "gold", 77, ("Solar", "Battery")),
    Buyer("ostsee-daemmtechnik", "Ostsee Dämmtechnik", "Käthe Möller", "vertrieb", "Rostock", "de", "de-DE", _BER, "EUR", _BOTH, "silver", 58, ("Insulation",)),
    Buyer("mueller-soehne", "Müller & Söhne Wärmepumpen", "Jörg Müller", "joerg.mueller", "Köln", "de", "de-DE", _BER, "EUR", _SHEETS, "silver", 69, ("Heat pump",)),
    Buyer("alpenstrom", "Alpenstrom Österreich", "Elfriede Höß", "e.hoess", "Wien", "at", "de-AT", "Europe/Vienna", "EUR", _PDF, "bronze", 49, ("Solar", "Battery")),
    Buyer("energie-du-midi", "Énergie du Midi", "Hélène Castéra", "helene.castera", "Toulouse", "fr", "fr-FR", "Europe/Paris", "EUR", _BOTH, "silver", 72, ("Solar", "Heat pump")),
    Buyer("toitures-lefevre", "Toitures Lefèvre", "Benoît Lefèvre", "benoit", "Lyon", "fr", "fr-FR", "Europe/Paris", "EUR", _PDF, "bronze", 51, ("Roofing",)),
    Buyer("energia-del-sur", "Energía del Sur", "Íñigo Peñalver", "inigo", "Sevilla", "es", "es-ES", "Europe/Madrid", "EUR", _BOTH, "silver", 76, ("Solar",)),
    Buyer("tejados-munoz", "Tejados Muñoz", "Begoña Muñoz", "begona", "Valencia", "es", "es-ES", "Europe/Madrid", "EUR", _SHEETS, "bronze", 48, ("Roofing", "Insulation")),
    Buyer("casa-solar-mexico", "Casa Solar México", "Ximena Ríos", "ximena.rios", "Ciudad de México", "mx", "es-MX", "America/Mexico_City", "USD", _BOTH, "silver", 63, ("Solar",)),
    Buyer("solar-paulista", "Solar Paulista", "João Conceição", "compras", "São Paulo", "br", "pt-BR", _SAO, "BRL", _BOTH, "gold", 73, ("Solar", "Battery")),
    Buyer("telhado-verde", "Telhado Verde", "Inês Guimarães", "ines", "Curitiba", "br", "pt-BR", _SAO, "BRL", _PDF, "bronze", 46, ("Roofing",)),
    Buyer("bluegum-finance", "Bluegum Finance", "Lachlan Murray", "ops", "Sydney", "au", "en-AU", _SYD, "AUD", _BOTH, "gold", 64, ("Mortgage",)),
    Buyer("redfern-legal", "Redfern Legal", "Aroha Ngata", "leads", "Sydney", "au", "en-AU", _SYD, "AUD", _BOTH, "bronze", 41, ("Conveyancing",)),
    Buyer("hikari-taiyoko", "ひかり太陽光株式会社", "佐藤 美咲", "misaki.sato", "東京", "jp", "ja-JP", "Asia/Tokyo", "JPY", _BOTH, "silver", 67, ("Solar", "Battery")),
    Buyer("shams-al-khaleej", "شمس الخليج للطاقة", "ليلى المنصوري", "layla", "دبي", "ae", "ar-AE", "Asia/Dubai", "AED", _BOTH, "silver", 62, ("Solar",)),
    Buyer("helios-energeiaki", "Ήλιος Ενεργειακή", "Ελένη Παπαδάκη", "eleni", "Αθήνα", "gr", "el-GR", "Europe/Athens", "EUR", _PDF, "bronze", 50, ("Solar", "Heat pump")),
    Buyer("slanchev-dom", "Слънчев дом", "Милена Георгиева", "milena", "София", "bg", "bg-BG", "Europe/Sofia", "EUR", _WEB, "bronze", 44, ("Solar", "Windows")),
)
# fmt: on
