"""Words that only a page or a mail needs, in the languages that reports know; the rest comes with the document."""

from __future__ import annotations

from collections.abc import Mapping

from broadsheet.core.document.model import Document

_KEYS = [
    "figures",
    "filter_rows",
    "all_columns",
    "series",
    "attention",
    "better",
    "worse",
    "no_rows",
    "left_out",
    "contents",
    "open_report",
    "attached",
    "next",
    "for_reader",
    "unsubscribe",
    "preferences",
    "data_to",
    "sent_by",
    "when",
]

# One line a language, in the order of _KEYS.
# fmt: off
_TABLE: Mapping[str, tuple[str, ...]] = {
    "en": ("Figures", "Filter rows", "All columns", "Series", "attention", "better", "worse", "No rows.", "{count} more are not shown.", "Contents", "Open the live report", "Attached", "Next", "For {name}.", "Unsubscribe", "Change time or format", "Data to", "{name} sends it to you.", "When: {rule}."),
    "de": ("Zahlen", "Zeilen filtern", "Alle Spalten", "Reihen", "Achtung", "besser", "schlechter", "Keine Zeilen.", "{count} weitere sind nicht gezeigt.", "Inhalt", "Bericht öffnen", "Im Anhang", "Nächster", "Für {name}.", "Abbestellen", "Zeit oder Format ändern", "Daten bis", "{name} schickt Ihnen diesen Bericht.", "Wann: {rule}."),
    "es": ("Cifras", "Filtrar filas", "Todas las columnas", "Series", "atención", "mejor", "peor", "No hay filas.", "No se muestran otros {count}.", "Índice", "Abrir el informe", "Adjunto", "Próximo", "Para {name}.", "Darse de baja", "Cambiar hora o formato", "Datos hasta", "Se lo envía {name}.", "Cuándo: {rule}."),
    "fr": ("Chiffres", "Filtrer les lignes", "Toutes les colonnes", "Séries", "attention", "mieux", "moins bien", "Aucune ligne.", "{count} autres ne sont pas affichés.", "Sommaire", "Ouvrir le rapport", "En pièce jointe", "Prochain", "Pour {name}.", "Se désabonner", "Changer l’heure ou le format", "Données jusqu’au", "{name} vous l’envoie.", "Quand\u00a0: {rule}."),
    "pt": ("Números", "Filtrar linhas", "Todas as colunas", "Séries", "atenção", "melhor", "pior", "Não há linhas.", "Outros {count} não são mostrados.", "Índice", "Abrir o relatório", "Em anexo", "Próximo", "Para {name}.", "Cancelar a assinatura", "Mudar hora ou formato", "Dados até", "Enviado por {name}.", "Quando: {rule}."),
    "it": ("Dati", "Filtra le righe", "Tutte le colonne", "Serie", "attenzione", "meglio", "peggio", "Nessuna riga.", "Altri {count} non sono mostrati.", "Indice", "Apri il report", "In allegato", "Prossimo", "Per {name}.", "Annulla l’iscrizione", "Cambia ora o formato", "Dati fino al", "Inviato da {name}.", "Quando: {rule}."),
    "ja": ("数値", "行を絞り込む", "すべての列", "系列", "注意", "改善", "悪化", "データはありません。", "ほか {count} 件は表示していません。", "目次", "最新のレポートを開く", "添付", "次回", "{name} 様", "配信停止", "時刻や形式を変更", "データ時点", "{name} からお送りしています。", "日時：{rule}。"),
    "ar": ("الأرقام", "تصفية الصفوف", "كل الأعمدة", "السلاسل", "تنبيه", "أفضل", "أسوأ", "لا توجد صفوف.", "لم تُعرض {count} أخرى.", "المحتويات", "فتح التقرير", "مرفق", "التالي", "إلى {name}.", "إلغاء الاشتراك", "تغيير الوقت أو الصيغة", "البيانات حتى", "مُرسَل من {name}.", "الموعد: {rule}."),
    "el": ("Αριθμοί", "Φίλτρο γραμμών", "Όλες οι στήλες", "Σειρές", "προσοχή", "καλύτερα", "χειρότερα", "Δεν υπάρχουν γραμμές.", "Άλλα {count} δεν εμφανίζονται.", "Περιεχόμενα", "Άνοιγμα της αναφοράς", "Συνημμένα", "Επόμενη", "Για: {name}.", "Κατάργηση εγγραφής", "Αλλαγή ώρας ή μορφής", "Δεδομένα έως", "Αποστολέας: {name}.", "Πότε: {rule}."),
    "bg": ("Данни", "Филтър на редовете", "Всички колони", "Серии", "внимание", "по-добре", "по-зле", "Няма редове.", "Още {count} не са показани.", "Съдържание", "Отваряне на отчета", "Прикачено", "Следващ", "За {name}.", "Отписване", "Смяна на час или формат", "Данни до", "Изпраща го {name}.", "Кога: {rule}."),
}
# fmt: on
_BY_LANGUAGE = {language: dict(zip(_KEYS, line, strict=True)) for language, line in _TABLE.items()}


def word(document: Document, key: str) -> str:
    """The word for *key*: the document's own, else that of its language, else the English one.

    Braces are left for the caller to fill in. Raises KeyError for a key that nobody knows.
    """
    return dict(document.words).get(key) or _BY_LANGUAGE[known(document.language)][key]


def word_in(language: str, key: str) -> str:
    """The word for *key* in *language*, a BCP 47 tag, where there is no document to ask; see `word`."""
    return _BY_LANGUAGE[known(language)][key]


def known(language: str) -> str:
    """The language that words for *language*, a BCP 47 tag, are taken from: its own, or “en”."""
    own = language.lower().split("-")[0]
    return own if own in _BY_LANGUAGE else "en"


def data_to(document: Document) -> str:
    """“Data to 31 Oct 2026, 24:00 CDT”, or nothing."""
    said = word(document, "data_to")
    return f"{said[:1].upper()}{said[1:]} {document.data_to_text}" if document.data_to_text else ""
