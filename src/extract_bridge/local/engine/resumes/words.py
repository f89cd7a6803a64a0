# ruff: noqa: RUF001 - the signs that documents print are matched as they are
"""What résumés call things: headings of their sections, words of positions, of degrees and of schools, in eight languages."""

from __future__ import annotations

import re

from extract_bridge.local.engine.dates import MONTH_NAME
from extract_bridge.local.engine.text import label_key

_HEADINGS = {
    "experience": "experience|work experience|professional experience|relevant experience|work|employment|employment history|work history|career history|career|professional background|"
    "positions held|academic appointments|appointments|professional appointments|academic positions|clinical experience|teaching experience|research experience|industry experience|experience highlights|"
    "berufserfahrung|beruflicher werdegang|werdegang|berufspraxis|praktische erfahrung|berufliche erfahrung|berufliche stationen|experience professionnelle|experiences professionnelles|"
    "experiences|parcours professionnel|emplois|experiencia laboral|experiencia profesional|experiencia|trayectoria profesional|werkervaring|ervaring|loopbaan|"
    "esperienza professionale|esperienze professionali|esperienza lavorativa|esperienze lavorative|esperienza|esperienze|experiencia profissional|percurso profissional|"
    "doswiadczenie zawodowe|doswiadczenie|przebieg kariery",
    "education": "education|education and training|education & training|academic background|academic qualifications|qualifications|studies|training|medical education|academic history|educational background|"
    "ausbildung|bildungsweg|studium|akademische ausbildung|schulbildung|aus und weiterbildung|hochschulbildung|bildung|schulische ausbildung|formation|formations|etudes|formation academique|"
    "diplomes|diplomes et formations|formacion|formacion academica|educacion|estudios|opleiding|opleidingen|onderwijs|istruzione|formazione|istruzione e formazione|titoli di studio|formacao|"
    "formacao academica|educacao|habilitacoes academicas|wyksztalcenie|edukacja",
    "skills": "skills|technical skills|key skills|core competencies|competencies|core skills|areas of expertise|expertise|professional skills|technologies|skills & tools|"
    "kenntnisse|fahigkeiten|kompetenzen|it kenntnisse|edv kenntnisse|kenntnisse und fahigkeiten|competences|competences techniques|competencias|habilidades|aptitudes|conocimientos|"
    "vaardigheden|competenties|kennis|competenze|competenze tecniche|capacita|competencias tecnicas|umiejetnosci",
    "certifications": "certifications|certificates|licenses|licenses and certifications|licenses & certifications|certifications and licenses|certifications & licenses|board certifications|professional certifications|"
    "zertifikate|zertifizierungen|certificaciones|certificats|certificaten|certificazioni|certificacoes|certyfikaty",
    "languages": "languages|language skills|sprachen|sprachkenntnisse|langues|idiomas|talen|talenkennis|lingue|jezyki|conoscenze linguistiche",
    "contact": "contact|details|contact information|contact details|personal details|personal information|kontakt|kontaktdaten|personliche daten|coordonnees|contacto|datos personales|"
    "contactgegevens|persoonlijke gegevens|persoonlijk|contatti|dati personali|contato|dados pessoais|contactos|dane osobowe|dane kontaktowe",
    "other": "summary|professional summary|executive summary|career summary|profile|professional profile|objective|career objective|about|about me|references|publications|selected publications|journal publications|"
    "conference publications|awards|honors|honours|awards and honors|honors & awards|achievements|interests|hobbies|projects|key projects|personal projects|volunteer experience|volunteering|"
    "volunteer work|memberships|professional memberships|affiliations|professional affiliations|patents|research|research interests|teaching|grants|service|activities|extracurricular activities|courses|"
    "profil|uber mich|interessen|referenzen|publikationen|auszeichnungen|projekte|weiterbildung|ehrenamt|centres interet|centre interet|loisirs|projets|perfil|perfil profesional|sobre mi|"
    "intereses|referencias|proyectos|profiel|persoonlijk profiel|over mij|referenties|cursussen|projecten|profilo|interessi|progetti|pubblicazioni|sobre mim|interesses|zainteresowania|projekty|kursy|podsumowanie",
}
HEADINGS = {
    label_key(phrase): section for section, phrases in _HEADINGS.items() for phrase in phrases.split("|")
}
"""A heading as `label_key`, and the section that it opens."""

TITLE = re.compile(
    r"\b(?:engineer\w*|developer|programmer|manager\w*|director|analyst|consultant|assistant|professor|lecturer|researcher|scientist|intern|internship|officer|nurse|teacher|tutor|designer|architect|lead|head|specialist"
    r"|coordinator|administrator|technician|associate|fellow|physician|surgeon|resident|therapist|accountant|auditor|bookkeeper|representative|supervisor|clerk|executive|president|vp|ceo|cto|cfo|coo|founder|cofounder|partner|editor"
    r"|writer|copywriter|journalist|strategist|planner|buyer|cashier|waiter|waitress|chef|driver|operator|mechanic|electrician|agent|adviser|advisor|counsel|attorney|lawyer|paralegal|secretary|receptionist|scholar|postdoc\w*"
    r"|trainee|apprentice|freelance\w*|owner|chief|registrar|pharmacist|dentist|veterinarian|librarian|recruiter|trainer|instructor|coach|foreman|inspector|sales|chair|dean|principal|investigator|member|volunteer"
    r"|\w*leiter(?:in)?|\w*entwickler(?:in)?|\w*ingenieur(?:in)?|\w*berater(?:in)?|\w*mitarbeiter(?:in)?|assistenz\w*|assistent(?:in)?|referent(?:in)?|\w*kauffrau|\w*kaufmann|werkstudent(?:in)?|praktikant(?:in)?|praktikum|geschaftsfuhrer(?:in)?"
    r"|sachbearbeiter(?:in)?|auszubildende[rn]?|lehrer(?:in)?|arzt|arztin|verkaufer(?:in)?|techniker(?:in)?|mechaniker(?:in)?|buchhalter(?:in)?|\w*pfleger(?:in)?|projektmanager(?:in)?|teamlead"
    r"|ingenieure?|developpeu(?:r|se)|chef|cheffe|responsable|direct(?:eur|rice)|charge|chargee|assistante?|stagiaire|consultante?|conseill(?:er|ere)|technicien(?:ne)?|enseignante?|vende(?:ur|use)|infirmi(?:er|ere)|comptable|gestionnaire"
    r"|redact(?:eur|rice)|graphiste|alternante?|ingeniero|ingeniera|desarrollador|desarrolladora|jefe|jefa|directora?|gerente|tecnico|tecnica|analista|asistente|becario|becaria|profesor|profesora|consultora?|disenador|disenadora"
    r"|administrativo|administrativa|enfermer[oa]|abogad[oa]|vendedora?|contable|coordinadora?|ontwikkelaar|medewerker|medewerkster|adviseur|\w*adviseur|docent|docente|stagiair|stagiaire|hoofd|verpleegkundige|projectleider|teamleider"
    r"|ingegnere|sviluppat(?:ore|rice)|dirett(?:ore|rice)|impiegat[oa]|stagista|tirocinante|consulente|insegnante|ricercat(?:ore|rice)|assegnista|responsabile|commess[oa]|contabile|progettista|infermier[ea]"
    r"|engenheir[oa]|desenvolvedora?|estagiari[oa]|professora?|gestora?|assistente|coordenadora?|inzynier|kierownik|kierowniczka|specjalist(?:a|ka)|asystent|asystentka|programist(?:a|ka)|stazyst(?:a|ka)|nauczyciel(?:ka)?|dyrektor|ksiegow[ay])\b"
)
"""A word that names a position, folded."""

DEGREE = re.compile(
    r"\b(?:bachelors?|masters?|doctor(?:ate)?|ph\.? ?d|d\.?phil|m\.? ?d|j\.? ?d|mba|emba|llm|llb|b\.? ?sc|b\.? ?s|b\.? ?a|b\.? ?eng|b\.? ?tech|b\.? ?com|m\.? ?sc|m\.? ?s|m\.? ?a|m\.? ?eng|m\.? ?tech|mphil|m\.? ?ed|b\.? ?ed|mfa|bfa|msw|mph|dds|dvm|pharm\.? ?d"
    r"|diploma|degree|certificate|associate of|a levels?|gcse|ged|high school diploma|fellowship|residency|internship|postgraduate|undergraduate|minor|major"
    r"|diplom|\w*diplom|magister|staatsexamen|abitur|fachabitur|promotion|dr\. ?\w+|mittlere reife|ausbildung zu[rm]?|lehre|licence|maitrise|doctorat|baccalaureat|bac|bts|dut|brevet|grado|licenciatura|licenciad[oa]|doctorado"
    r"|bachillerato|diplomatura|tecnico superior|vwo|havo|mbo|hbo|propedeuse|doctoraal|laurea\w*|dottorato|maturita|diploma di|licenciatura|mestrado|doutoramento|doutorado|bacharelado|licencjat|magisterium|magistra?|inzynierskie|matura)\b"
)
"""A word that names a degree or another qualification, folded."""

SCHOOL = re.compile(
    r"\b(?:universit\w*|university|college|school|institute|institut|academy|polytechnic|hochschule|\w*hochschule|fachhochschule|\w*schule|gymnasium|\w*gymnasium|akademie|ecole|lycee|faculte|academie|universidad|instituto|escuela|facultad|colegio"
    r"|universiteit|hogeschool|roc|lyceum|politecnico|istituto|scuola|liceo|accademia|universidade|faculdade|escola|uniwersytet|politechnika|akademia|liceum|szkola|mit|eth|ucla|kth|hospital|medical center)\b"
)
"""A word that names a place of learning, folded."""

COMPANY = re.compile(
    r"\b(?:inc|llc|ltd|limited|plc|corp|corporation|company|gmbh|ag|kg|mbh|bv|b\.v|nv|s\.?a\.?s?|s\.?l|s\.?r\.?l|s\.?p\.?a|sp\.? z o\.?o|group|groupe|gruppe|grupo|gruppo|bank|solutions|systems|technologies|labs?|studios?|partners|associates|holdings?|hospital"
    r"|clinic|centre|center|trust|council|foundation|stiftung|agency|agence|agencia|bureau|ministry|department of|software|consulting|services|media|cabinet|gemeente|stadt|klinik\w*|praxis|kanzlei|verlag)\b"
)
"""A word that names an employer, folded; names of schools count, too."""

_PRESENT = r"(?:present|current(?:ly)?|now|today|ongoing|to date|heute|jetzt|aktuell|laufend|aujourd'hui|present|actuel(?:lement)?|ce jour|en cours|heden|nu|actualidad|presente|actual(?:mente)?|la fecha|oggi|attuale|in corso|atual|hoje|obecnie|dzis|nadal)"
_POINT = rf"(?:(?:(?:spring|summer|fall|autumn|winter)\s|{MONTH_NAME}\.?,?\s(?:de\s)?|(?:0?[1-9]|1[0-2])\s?[/.]\s?)?(?:19|20)\d\d)"
_SINCE = r"(?:since|from|seit|ab|depuis|desde|sinds|vanaf|da|dal|od)\s"
RANGE = re.compile(
    rf"(?<![\w/.])(?:(?:from|von|de|du|van|dal|da|od)\s)?(?P<start>{_POINT})\s?(?:-|–|—|to|bis|till?|until|a|au|al|tot|do|ate|hasta)\s?(?P<end>{_POINT}|{_PRESENT})(?![\w/])"
    rf"|(?<![\w/.]){_SINCE}(?P<since>{_POINT})(?![\w/])"
)
"""From when to when, folded: `start` with `end`, or `since`."""
POINT = re.compile(rf"(?<![\w/.$€£-]){_POINT}(?![\w/-])")
"""One moment, folded, as a year with or without its month."""
PRESENT = re.compile(_PRESENT)
COUNTRIES = frozenset(
    [
        "usa",
        "us",
        "united states",
        "uk",
        "united kingdom",
        "england",
        "scotland",
        "wales",
        "ireland",
        "canada",
        "australia",
        "new zealand",
        "germany",
        "deutschland",
        "austria",
        "osterreich",
        "switzerland",
        "schweiz",
        "suisse",
        "france",
        "frankreich",
        "belgium",
        "belgique",
        "belgie",
        "netherlands",
        "nederland",
        "the netherlands",
        "luxembourg",
        "spain",
        "espana",
        "portugal",
        "italy",
        "italia",
        "poland",
        "polska",
        "sweden",
        "norway",
        "denmark",
        "finland",
        "czech republic",
        "hungary",
        "romania",
        "greece",
        "turkey",
        "india",
        "china",
        "japan",
        "south korea",
        "korea",
        "singapore",
        "hong kong",
        "taiwan",
        "malaysia",
        "indonesia",
        "philippines",
        "vietnam",
        "thailand",
        "israel",
        "uae",
        "united arab emirates",
        "saudi arabia",
        "egypt",
        "south africa",
        "nigeria",
        "kenya",
        "ghana",
        "brazil",
        "brasil",
        "mexico",
        "argentina",
        "chile",
        "colombia",
        "peru",
        "pakistan",
        "bangladesh",
        "remote",
    ]
)
"""Where people live and work, folded; `remote` stands in the same place."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ROLES: dict[str, frozenset[str]] = {
    "start": _set("start from begin beginning started von beginn debut inicio inizio since"),
    "end": _set(
        "end to until ended finish graduation graduated completed completion bis ende fin fine einde conclusion year"
    ),
    "level": _set("level proficiency fluency niveau nivel livello poziom"),
    "subject": _set(
        "field major subject specialization specialisation discipline fachrichtung studienfach domaine especialidad materia richting"
    ),
    "place": _set(
        "company employer organization organisation firm institution school university college establishment firma unternehmen arbeitgeber hochschule universitat schule entreprise societe employeur"
        " ecole universite etablissement empresa empleador institucion universidad centro bedrijf werkgever instelling universiteit azienda datore universita istituto pracodawca uczelnia"
    ),
    "location": _set("location city town ort lieu ubicacion plaats luogo"),
    "span": _set("date period duration tenure timeframe zeitraum periode periodo years"),
    "name": _set(
        "position title role job degree qualification diploma program programme stelle rolle tatigkeit taetigkeit abschluss studiengang poste fonction diplome puesto cargo titulo titulacion functie"
        " opleiding ruolo mansione titolo stanowisko language sprache langue idioma"
    ),
}
"""Words in the name of a property, and the part of an entry that they ask for; the first part that fits counts."""
LISTS: dict[str, frozenset[str]] = {
    "experience": _set(
        "experience experiences employment employments work job jobs career position positions berufserfahrung werdegang emplois parcours experiencia trabajo werkervaring esperienza esperienze"
    ),
    "education": _set(
        "education educations school studies academic ausbildung bildung formation formacion educacion opleiding istruzione formazione degree qualification"
    ),
    "skills": _set(
        "skill skills competencies competency competence kenntnisse fahigkeiten kompetenzen habilidades vaardigheden competenze technologies"
    ),
    "certifications": _set(
        "certification certificate license licence zertifikat zertifikate certificacion certificat"
    ),
    "languages": _set("language sprache sprachen langue idioma talen lingua lingue"),
}
"""Words in the name of a list, and the section that it is."""
PARTICLES = _set("de van von der da di del la le den ten bin al dos das y e")
"""Small words inside the names of people."""
