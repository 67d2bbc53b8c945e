"""Fixed words of a report in the languages that it knows; whatever is missing falls back to English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from .dates import locale_for

RIGHT_TO_LEFT = ("ar", "he", "fa", "ur")

_KEYS = (
    "page_of", "continued", "contents", "prepared_for", "period", "compared_with", "data_to", "made", "no_rows", "other",
    "total", "versus", "target", "met", "met_by", "missed", "missed_by", "mean", "notes", "confidential", "summary",
    "few_cases", "left_out", "failed", "points", "yes", "no", "new", "lines_note", "count_day", "count_week", "count_month", "count_quarter",
    "count_year", "nothing", "withheld",
)  # fmt: skip

# One line a language, in the order of _KEYS. Braces are filled in by `compose` and the formats.
# fmt: off
_TABLE: Mapping[str, tuple[str, ...]] = {
    "en": ("Page {page} of {pages}", "continued", "Contents", "Prepared for", "Period", "Compared", "Data to", "Made", "No rows in this period.", "Other", "Total", "vs {period}", "Target", "met", "met by {gap}", "missed", "missed by {gap}", "{period} mean {value}", "Notes", "Confidential", "Summary", "† Fewer than {count} cases: the change says little.", "Not shown: {count}.", "These figures could not be fetched.", "pt", "yes", "no", "new", "Lines: {count} to {period}, each on its own scale. Bold rust: worse; blue: better.", "{count} days", "{count} weeks", "{count} months", "{count} quarters", "{count} years", "There is nothing for {period}.", "Not shown: {count} groups, so that none of fewer than {least} can be made out."),
    "de": ("Seite {page} von {pages}", "Fortsetzung", "Inhalt", "Erstellt für", "Zeitraum", "Verglichen mit", "Daten bis", "Erstellt", "Keine Zeilen in diesem Zeitraum.", "Übrige", "Gesamt", "ggü. {period}", "Ziel", "erreicht", "besser um {gap}", "verfehlt", "verfehlt um {gap}", "{period}: Mittel {value}", "Anmerkungen", "Vertraulich", "Übersicht", "† Weniger als {count} Fälle: Die Veränderung sagt wenig.", "Nicht gezeigt: {count}.", "Diese Zahlen konnten nicht abgerufen werden.", "Pp.", "ja", "nein", "neu", "Linien: {count} bis {period}, je auf eigener Skala. Fett und rostrot: schlechter; blau: besser.", "{count} Tage", "{count} Wochen", "{count} Monate", "{count} Quartale", "{count} Jahre", "Für {period} liegt nichts vor.", "Nicht gezeigt: {count} Gruppen, damit keine mit weniger als {least} zu erkennen ist."),
    "es": ("Página {page} de {pages}", "continuación", "Índice", "Para", "Periodo", "Comparado", "Datos hasta", "Generado", "No hay filas en este periodo.", "Otros", "Total", "vs. {period}", "Objetivo", "cumplido", "superado en {gap}", "no cumplido", "faltan {gap}", "Media de {period}: {value}", "Notas", "Confidencial", "Resumen", "† Menos de {count} casos: la variación dice poco.", "Sin mostrar: {count}.", "No se pudieron obtener estas cifras.", "pp", "sí", "no", "nuevo", "Líneas: {count} hasta {period}, cada una en su escala. Óxido y negrita: peor; azul: mejor.", "{count} días", "{count} semanas", "{count} meses", "{count} trimestres", "{count} años", "No hay nada para {period}.", "Sin mostrar: {count} grupos, para que no se distinga ninguno de menos de {least}."),
    "fr": ("Page {page} sur {pages}", "suite", "Sommaire", "Pour", "Période", "Comparé à", "Données au", "Établi le", "Aucune ligne pour cette période.", "Autres", "Total", "vs {period}", "Objectif", "atteint", "dépassé de {gap}", "manqué", "manqué de {gap}", "Moyenne {period} : {value}", "Notes", "Confidentiel", "Résumé", "† Moins de {count} cas : la variation est peu significative.", "Non affichés : {count}.", "Ces chiffres n’ont pas pu être obtenus.", "pt", "oui", "non", "nouveau", "Lignes : {count} jusqu’à {period}, chacune à son échelle. Rouille et gras : moins bien ; bleu : mieux.", "{count} jours", "{count} semaines", "{count} mois", "{count} trimestres", "{count} ans", "Il n’y a rien pour {period}.", "Non affichés : {count} groupes, afin qu’aucun de moins de {least} ne soit reconnaissable."),
    "pt": ("Página {page} de {pages}", "continuação", "Índice", "Para", "Período", "Comparado", "Dados até", "Gerado", "Não há linhas neste período.", "Outros", "Total", "vs. {period}", "Meta", "atingida", "superada em {gap}", "não atingida", "faltaram {gap}", "Média de {period}: {value}", "Notas", "Confidencial", "Resumo", "† Menos de {count} casos: a variação diz pouco.", "Não mostrados: {count}.", "Não foi possível obter estes números.", "p.p.", "sim", "não", "novo", "Linhas: {count} até {period}, cada uma em sua escala. Ferrugem e negrito: pior; azul: melhor.", "{count} dias", "{count} semanas", "{count} meses", "{count} trimestres", "{count} anos", "Não há nada para {period}.", "Não mostrados: {count} grupos, para que nenhum com menos de {least} seja reconhecível."),
    "it": ("Pagina {page} di {pages}", "continua", "Indice", "Per", "Periodo", "Confronto", "Dati fino al", "Creato", "Nessuna riga in questo periodo.", "Altri", "Totale", "vs {period}", "Obiettivo", "raggiunto", "superato di {gap}", "mancato", "mancato di {gap}", "Media {period}: {value}", "Note", "Riservato", "Riepilogo", "† Meno di {count} casi: la variazione dice poco.", "Non mostrati: {count}.", "Non è stato possibile ottenere questi dati.", "pp", "sì", "no", "nuovo", "Linee: {count} fino a {period}, ciascuna sulla propria scala. Ruggine e grassetto: peggio; blu: meglio.", "{count} giorni", "{count} settimane", "{count} mesi", "{count} trimestri", "{count} anni", "Non c’è nulla per {period}.", "Non mostrati: {count} gruppi, affinché nessuno con meno di {least} sia riconoscibile."),
    "ja": ("{page} / {pages} ページ", "続き", "目次", "宛先", "期間", "比較対象", "データ時点", "作成", "この期間のデータはありません。", "その他", "合計", "{period}比", "目標", "達成", "達成（{gap}差）", "未達", "未達（{gap}差）", "{period}平均 {value}", "注記", "機密", "概要", "† {count} 件未満のため、増減は参考値です。", "ほか {count} 件は表示していません。", "この数値を取得できませんでした。", "pt", "はい", "いいえ", "新規", "折れ線：{period}までの{count}、目盛りは個別。錆色の太字は悪化、青は改善。", "{count}日", "{count}週", "{count}か月", "{count}四半期", "{count}年", "{period}のデータはありません。", "{least} 件未満のグループを特定できないよう、{count} グループは表示していません。"),
    "ar": ("صفحة {page} من {pages}", "تتمة", "المحتويات", "أُعدّ لـ", "الفترة", "مقارنةً بـ", "البيانات حتى", "تاريخ الإعداد", "لا توجد صفوف في هذه الفترة.", "أخرى", "الإجمالي", "مقابل {period}", "الهدف", "تحقق", "تحقق بفارق {gap}", "لم يتحقق", "أخفق بفارق {gap}", "متوسط {period}: {value}", "ملاحظات", "سرّي", "ملخص", "† أقل من {count} حالات: التغيّر لا يدل على الكثير.", "غير معروض: {count}.", "تعذّر الحصول على هذه الأرقام.", "نقطة", "نعم", "لا", "جديد", "الخطوط: {count} حتى {period}، لكل منها مقياسها. بخط صدئ غامق: أسوأ؛ أزرق: أفضل.", "{count} يومًا", "{count} أسبوعًا", "{count} شهرًا", "{count} ربعًا", "{count} سنةً", "لا توجد بيانات عن {period}.", "غير معروض: {count} مجموعات، كي لا تُعرف أي مجموعة تقل عن {least}."),
    "el": ("Σελίδα {page} από {pages}", "συνέχεια", "Περιεχόμενα", "Για", "Περίοδος", "Σύγκριση με", "Δεδομένα έως", "Δημιουργία", "Δεν υπάρχουν γραμμές σε αυτή την περίοδο.", "Λοιπά", "Σύνολο", "έναντι {period}", "Στόχος", "επετεύχθη", "επετεύχθη κατά {gap}", "δεν επετεύχθη", "υπολείπεται {gap}", "Μέσος {period}: {value}", "Σημειώσεις", "Εμπιστευτικό", "Σύνοψη", "† Λιγότερες από {count} περιπτώσεις: η μεταβολή λέει λίγα.", "Δεν εμφανίζονται: {count}.", "Δεν ήταν δυνατή η λήψη αυτών των στοιχείων.", "π.μ.", "ναι", "όχι", "νέο", "Γραμμές: {count} έως {period}, καθεμία στη δική της κλίμακα. Έντονο χρώμα σκουριάς: χειρότερα· μπλε: καλύτερα.", "{count} ημέρες", "{count} εβδομάδες", "{count} μήνες", "{count} τρίμηνα", "{count} έτη", "Δεν υπάρχει τίποτα για {period}.", "Δεν εμφανίζονται: {count} ομάδες, ώστε να μη διακρίνεται καμία με λιγότερα από {least}."),
    "bg": ("Страница {page} от {pages}", "продължение", "Съдържание", "Изготвено за", "Период", "Сравнено с", "Данни до", "Изготвено", "Няма редове за този период.", "Други", "Общо", "спрямо {period}", "Цел", "постигната", "надхвърлена с {gap}", "непостигната", "недостигат {gap}", "Средно за {period}: {value}", "Бележки", "Поверително", "Обобщение", "† По-малко от {count} случая: промяната не е показателна.", "Непоказани: {count}.", "Тези данни не можаха да бъдат извлечени.", "пр.п.", "да", "не", "ново", "Линии: {count} до {period}, всяка в собствен мащаб. Удебелено ръждиво: по-зле; синьо: по-добре.", "{count} дни", "{count} седмици", "{count} месеца", "{count} тримесечия", "{count} години", "Няма нищо за {period}.", "Непоказани: {count} групи, за да не се разпознае нито една с по-малко от {least}."),
}
# fmt: on


@cache
def words_for(language: str) -> Mapping[str, str]:
    """The fixed words of a BCP 47 tag's language, by key; English where it has none."""
    english = dict(zip(_KEYS, _TABLE["en"], strict=True))
    own = _TABLE.get(locale_for(language).language)
    return english | dict(zip(_KEYS, own, strict=True)) if own else english


def direction_of(language: str) -> str:
    """ltr or rtl."""
    return "rtl" if locale_for(language).language in RIGHT_TO_LEFT else "ltr"
