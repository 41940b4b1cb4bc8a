"""Sofia's papers, made up: the forms of the kit's print sheet, not medicine."""

from datetime import date

from althea.look.paper import (
    Advice,
    Call,
    Goal,
    HerWords,
    Made,
    Medicine,
    OrderPaper,
    PlanPaper,
    Section,
    Step,
    Supply,
    TaperPaper,
    Task,
    Tell,
)

MADE = Made(
    called="Sofia Lindqvist",
    born=date(1986, 8, 30),
    day=date(2026, 6, 9),
    version=3,
    by="Dr Lena Marchetti",
    with_whom=("Sofia", "Karin"),
    sources="made up for a test",
)
STEPS = (
    Step(date(2026, 6, 15), 15, "mg", "one 10 mg and one 5 mg tablet"),
    Step(date(2026, 7, 13), 10, "mg", "one 10 mg tablet"),
    Step(date(2026, 8, 10), 5, "mg", "one 5 mg tablet"),
    Step(date(2026, 9, 7), 2.5, "mg", "2.5 mL of liquid"),
    Step(date(2026, 9, 21), 1, "mg", "1 mL of liquid"),
    Step(date(2026, 10, 5), 0, "mg", "check-in each week"),
)
CHOICE = HerWords(
    "I have been well for over a year. I want to find out who I am without tablets, slowly, before we try for a baby in January.",
    date(2026, 6, 9),
)
CALL_WHEN = ("I feel worse for more than a week", "My period is late: do a test and call", "I have missed 3 days")
CALLS = (
    Call("Clinic, weekdays 8 am to 5 pm", "call", "555-0136"),
    Call("Any time, if I may hurt myself", "call or text", "988"),
    Call("In danger", "call", "911"),
)
WHY = Advice(
    "Why so slowly",
    "The brain needs time to adjust. Small last steps lower the chance of dizziness, poor sleep and low mood.",
    source="made up for a test",
)

PLAN = PlanPaper(
    made=MADE,
    goals=(
        Goal(CHOICE, "still well 6 months after the last tablet; PHQ-9 below 5 at each check-in"),
        Goal(HerWords("To run the half marathon with Karin.", date(2026, 6, 9)), "runs each week, counted together"),
    ),
    treating="Depression that came twice, now in full recovery since April 2025. Last PHQ-9 score: 2 (few signs).",
    medicines=(Medicine("Escitalopram", "depression", "Each morning", STEPS, "I can go back a step and call."),),
    agreed=(
        Section(
            "What we agreed",
            "Come off escitalopram 20 mg over 16 weeks, from Monday 15 June. This was my choice.",
            "I can slow down or stop at any step.",
        ),
        Section("Cycle, birth control, pregnancy", "Condoms until January.", "Do not stop all at once."),
    ),
    therapy=("Therapy top-up visits, one each month", "Running with Karin on Tuesdays", "In bed by 10:30 pm"),
    tasks=(
        Task("Me", "Check-in on my phone", "every 2 weeks"),
        Task("Dr Lena Marchetti", "Look at each check-in, call me back", "the next day"),
        Task("Karin", "Tell me, and the clinic if I ask her to, when I seem low", "any time"),
    ),
    dates=(("Visit", "Tue 14 July, 9:20 am"), ("Visit", "Tue 8 September, 9:20 am"), ("Review", date(2026, 10, 20))),
    advice=(WHY,),
    call_when=CALL_WHEN,
    calls=CALLS,
    signed_by=("Me", "Dr Lena Marchetti"),
)

TAPER = TaperPaper(
    made=MADE,
    medicine="Escitalopram",
    when="Each morning",
    now=20,
    steps=STEPS,
    choice=CHOICE,
    ask="Before each step, ask: did I feel steady for the last 7 days?",
    then="If yes, take the next step. If not, stay where you are and call the clinic, 555-0136.",
    tell=Tell(
        "What is it that I feel?",
        "Adjusting to less medicine",
        "The low mood coming back",
        (
            ("Starts within days of a step", "Comes on over weeks"),
            ("Dizzy, “brain zaps”, vivid dreams, upset stomach", "No joy, hopeless, slow, poor sleep most days"),
            ("Often eases in 1 to 3 weeks", "Stays or grows"),
        ),
        ("Stay on this step. Call if it is hard.", "Call us. We can go back up. That is not failing."),
        source="made up for a test",
    ),
    advice=(WHY,),
    call_when=CALL_WHEN,
    calls=CALLS,
)

ORDER = OrderPaper(
    made=MADE,
    name="Sofia Maria Lindqvist",
    medicine="Escitalopram",
    what_for="depression",
    when="Each morning",
    steps=STEPS[:3],
    supply=(
        Supply("Escitalopram 10 mg tablets", "56 (fifty-six)", "none"),
        Supply("Escitalopram 5 mg tablets", "56 (fifty-six)", "none"),
    ),
    prescriber=(("Name", "Dr Lena Marchetti"), ("Role", "Psychiatrist"), ("Clinic", "Mallow Lane, 555-0136")),
    patient=(("Address", "3 Mill Street"), ("Allergies", "none known")),
    substitution="Another maker's tablets of the same strength may be given.",
    how=("Take it with water, with or without food.", "Swallow the tablet whole or halved."),
    advice=(Advice("A missed dose", "Take it when you remember it the same day.", source="made up for a test"),),
    call_when=CALL_WHEN,
    calls=CALLS,
    next_visit=date(2026, 7, 14),
)
