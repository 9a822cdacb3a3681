// How sure the assistant has to be before it acts on what it heard: the risk decides. The only place with these numbers.

/// Lowest confidences, from 0 to 1.
public enum Assurance {
    /// Below this nothing was understood, whatever it sounds like. Of the tuning voices' readings from 0.35 to 0.55 ten of
    /// twelve are right, of those from 0.3 to 0.35 three of five.
    public static let understanding = 0.4
    /// For changing the cart, or how the order is delivered and paid. What was done is said, so that it can be put right.
    public static let cartChange = 0.4
    /// Below this a change of the cart is asked about before it is made.
    public static let cartChangeUnasked = 0.5
    /// The same by telephone until somebody was heard surely, who let the assistant finish: half of a stranger's sentence may
    /// sound like goods.
    static let ofStranger = 0.65
    /// For an order, and for giving one up.
    public static let order = 0.8
    /// Failures in a row after which a person is offered.
    static let missesBeforePerson = 3
    /// Silences and failures in a row after which a silent call ends.
    static let missesBeforeSilentEnd = 4
    /// The same at a kiosk: who says nothing there has walked away, and the next customer is coming.
    static let silencesAtStand = 3
    /// Failures in a row after which it was nobody who woke a stand that any speech wakes.
    static let missesOfNobody = 3
    /// Failures, less what was sure, from which on it may be a radio that is heard, whose changes of the cart are asked about.
    static let missesOfRadio = 2
    /// From here on they are not, where there were no such failures but an open question; and are after too many questions.
    static let ofRadio = 0.9
    /// Questions without a sure yes after which what may be a radio has no wish for the cart.
    static let questionsToNobody = 3
    /// Failures in a row after which any call ends.
    static let missesBeforeEnd = 6
}
