// The names of everything that the assistant says, and the values that each is filled with. The words stand in the language pack,
// under the same names, and a shop can replace any of them.

/// A prompt of `prompts.json5`.
public enum PromptKey: String, CaseIterable, Sendable {
    // Beginning, end and small talk.
    case greeting, notice, goodbye, thanks
    case noticeRecorded = "notice_recorded"
    case closedNotice = "closed_notice"
    case whatWouldYouLike = "what_would_you_like"
    case anythingElse = "anything_else"
    case sayWhen = "say_when"
    case allRight = "all_right"
    case greetBack = "greet_back"
    case takeYourTime = "take_your_time"
    case oneMoment = "one_moment"
    case allLinesBusy = "all_lines_busy"
    case connecting
    case personBusy = "person_busy"
    case summaryCaller = "summary_caller"
    case summaryNumber = "summary_number"
    case summaryPerson = "summary_person"
    case summaryComplaint = "summary_complaint"
    case summaryPayment = "summary_payment"
    case summaryMisses = "summary_misses"
    case summaryOrder = "summary_order"
    case summaryCart = "summary_cart"
    case onlyLanguage = "only_language"
    case outOfScope = "out_of_scope"
    case goodbyeCart = "goodbye_cart"
    case goodbyeMisses = "goodbye_misses"
    case goodbyeSilence = "goodbye_silence"
    case goodbyeSilenceCart = "goodbye_silence_cart"

    // Parts of sentences.
    case itemCounted = "item_counted"
    case itemWeighed = "item_weighed"
    case itemBefore = "item_before"
    case itemWith = "item_with"
    case itemWithout = "item_without"
    case allOfGroup = "all_of_group"
    case otherOfGroup = "other_of_group"
    case modifierAmount = "modifier_amount"
    case modifierOfGroup = "modifier_of_group"
    case amountExtra = "amount_extra"
    case amountLight = "amount_light"
    case priced
    case pricePerUnit = "price_per_unit"
    case deliveryName = "delivery_name"
    case pickupName = "pickup_name"
    case deliveryOption = "delivery_option"
    case deliveryOptionFree = "delivery_option_free"
    case toAddress = "to_address"
    case paymentOnDelivery = "payment_on_delivery"
    case paymentCounter = "payment_counter"
    case paymentSaved = "payment_saved"
    case paymentLink = "payment_link"
    case paymentTo = "payment_to"
    case hoursAlways = "hours_always"
    case hoursSpan = "hours_span"

    // The cart.
    case added, removed, reduced, changed, exchanged
    case cartEmpty = "cart_empty"
    case cartEmptyAsk = "cart_empty_ask"
    case cartEmptied = "cart_emptied"
    case cartShown = "cart_shown"
    case cartKept = "cart_kept"
    case cartStays = "cart_stays"
    case notInCart = "not_in_cart"
    case startedOver = "started_over"
    case whatToChange = "what_to_change"

    // Questions about a wish.
    case askProduct = "ask_product"
    case askQuantity = "ask_quantity"
    case askHowMany = "ask_how_many"
    case askModifier = "ask_modifier"
    case askMeaning = "ask_meaning"
    case whichOf = "which_of"
    case whichOfMore = "which_of_more"
    case noMore = "no_more"
    case offerItem = "offer_item"
    case offerNotice = "offer_notice"
    case offerFewer = "offer_fewer"
    case doubtAdd = "doubt_add"
    case doubtRemove = "doubt_remove"
    case doubtRemoveLast = "doubt_remove_last"
    case doubtChange = "doubt_change"
    case doubtClear = "doubt_clear"
    case doubtStartOver = "doubt_start_over"
    case doubtRepeat = "doubt_repeat"
    case doubtSomething = "doubt_something"
    case heardWrong = "heard_wrong"

    // Refusals.
    case soldOut = "sold_out"
    case onlyLeft = "only_left"
    case atMost = "at_most"
    case onlyWhole = "only_whole"
    case onlySteps = "only_steps"
    case tooManyModifiers = "too_many_modifiers"
    case notWith = "not_with"
    case notWithout = "not_without"
    case noHalves = "no_halves"
    case notInAmount = "not_in_amount"
    case choicesMore = "choices_more"
    case unknownProduct = "unknown_product"
    case noLongerSold = "no_longer_sold"
    case belowMinimum = "below_minimum"
    case aboveMaximum = "above_maximum"

    // The shop.
    case categories
    case someCategories = "some_categories"
    case foundOne = "found_one"
    case foundNothing = "found_nothing"
    case productPrice = "product_price"
    case description, choices, available
    case compared, cheaper
    case propertyYes = "property_yes"
    case propertyNo = "property_no"
    case nothingCheaper = "nothing_cheaper"
    case samePrice = "same_price"
    case onlyThis = "only_this"
    case brandIs = "brand_is"
    case compareNeedsTwo = "compare_needs_two"
    case recommended
    case recommendedBefore = "recommended_before"
    case recommendedTogether = "recommended_together"
    case recommendNothing = "recommend_nothing"
    case faqAnswer = "faq_answer"
    case faqHours = "faq_hours"
    case faqDelivery = "faq_delivery"
    case faqPayment = "faq_payment"
    case faqUnknown = "faq_unknown", questionUnknown = "question_unknown"

    // Checkout.
    case askAddress = "ask_address"
    case askDelivery = "ask_delivery"
    case askPayment = "ask_payment"
    case notedAddress = "noted_address"
    case notedDelivery = "noted_delivery"
    case notedPayment = "noted_payment"
    case deliveryUnknown = "delivery_unknown"
    case deliveryClosed = "delivery_closed"
    case closedNow = "closed_now"
    case offerDelivery = "offer_delivery"
    case outsideArea = "outside_area"
    case paymentUnavailable = "payment_unavailable"
    case paymentNotWith = "payment_not_with"
    case noPayment = "no_payment"
    case readBack = "read_back"
    case readBackFee = "read_back_fee"
    case readBackAnew = "read_back_anew"
    case readyLater = "ready_later"
    case shallIPlace = "shall_i_place"
    case confirmUnsure = "confirm_unsure"
    case confirmUnsureAgain = "confirm_unsure_again"
    case confirmChanged = "confirm_changed"
    case placed
    case notPlaced = "not_placed"
    case placeFailed = "place_failed"

    // Payment.
    case askPhoneLink = "ask_phone_link"
    case linkSent = "link_sent"
    case paidNow = "paid_now"
    case paymentPending = "payment_pending"
    case declineInsufficientFunds = "decline_insufficient_funds"
    case declineExpired = "decline_expired"
    case declineAuthenticationNeeded = "decline_authentication_needed"
    case declineRefused = "decline_refused"
    case noCards = "no_cards"
    case moneyRefunded = "money_refunded"
    case moneyFailed = "money_failed"
    case moneyPending = "money_pending"

    // Parcels, and what is told beside a conversation.
    case parcelCreated = "parcel_created"
    case parcelUnderway = "parcel_underway"
    case parcelArrived = "parcel_arrived"
    case parcelReady = "parcel_ready"
    case parcelWithCourier = "parcel_with_courier"
    case parcelDelayed = "parcel_delayed"
    case parcelReceived = "parcel_received"
    case parcelRefused = "parcel_refused"
    case parcelReturned = "parcel_returned"
    case parcelLost = "parcel_lost"
    case waybill
    case messageLink = "message_link"
    case messageOver = "message_over"
    case goOn = "go_on"
    case cartNeedsPerson = "cart_needs_person"
    case offerCart = "offer_cart"
    case noCartLeft = "no_cart_left"
    case messageCode = "message_code"

    // Who is calling.
    case askPIN = "ask_pin"
    case askPINOrCode = "ask_pin_or_code"
    case askCode = "ask_code"
    case askNewPIN = "ask_new_pin"
    case askPINAgain = "ask_pin_again"
    case proved
    case provedAlready = "proved_already"
    case proofWrong = "proof_wrong"
    case cannotProve = "cannot_prove"
    case codeSent = "code_sent"
    case codeLength = "code_length"
    case pinLength = "pin_length"
    case pinByKeys = "pin_by_keys"
    case pinTooEasy = "pin_too_easy"
    case pinsDiffer = "pins_differ"
    case pinKept = "pin_kept"
    case pinForgotten = "pin_forgotten"
    case pinNotKept = "pin_not_kept"
    case pinAtCounter = "pin_at_counter"
    case noSavedCard = "no_saved_card"
    case historyOrder = "history_order"
    case addressesKnown = "addresses_known"
    case noAddresses = "no_addresses"

    // Orders.
    case askOrderNumber = "ask_order_number"
    case statusPlaced = "status_placed"
    case statusPacked = "status_packed"
    case statusHandedOver = "status_handed_over"
    case statusDelivered = "status_delivered"
    case statusCancelled = "status_cancelled"
    case statusReturned = "status_returned"
    case orderNotFound = "order_not_found"
    case noEarlierOrder = "no_earlier_order"
    case deskFailed = "desk_failed"
    case cancelQuestion = "cancel_question"
    case cancelUnsure = "cancel_unsure"
    case cancelKept = "cancel_kept"
    case cancelled
    case cancelledBefore = "cancelled_before"
    case tooLate = "too_late"
    case repeatUnknown = "repeat_unknown"
    case repeatNeedsPerson = "repeat_needs_person"
    case earlierOrder = "earlier_order"
    case repeatWithout = "repeat_without"

    // People and privacy.
    case offerPerson = "offer_person"
    case offerPersonHere = "offer_person_here"
    case askPhone = "ask_phone"
    case phoneUnclear = "phone_unclear"
    case callbackNoted = "callback_noted"
    case noticeNoted = "notice_noted"
    case callbackNotedHere = "callback_noted_here"
    case callbackFailed = "callback_failed"
    case notYet = "not_yet"
    case complaint
    case paymentIssue = "payment_issue"
    case privacyTranscript = "privacy_transcript"
    case privacyTranscriptRedacted = "privacy_transcript_redacted"
    case privacyActs = "privacy_acts"
    case privacyCalls = "privacy_calls"
    case purposeAudio = "purpose_audio"
    case purposeTranscript = "purpose_transcript"
    case purposeActs = "purpose_acts"
    case purposeProfile = "purpose_profile"
    case purposeOrder = "purpose_order"
    case purposeEvent = "purpose_event"
    case privacyNoTranscript = "privacy_no_transcript"
    case privacyAudio = "privacy_audio"
    case privacyNoAudio = "privacy_no_audio"
    case privacyOrders = "privacy_orders"
    case privacyProfile = "privacy_profile"
    case privacyRights = "privacy_rights"
    case privacyRightsOnly = "privacy_rights_only"
    case nothingRecorded = "nothing_recorded"
    case recordingStopped = "recording_stopped"
    case recordingStoppedLater = "recording_stopped_later"
    case dataKept = "data_kept"
    case dataRecordings = "data_recordings"
    case dataSent = "data_sent"
    case dataNotSent = "data_not_sent"
    case dataNone = "data_none"
    case messageData = "message_data"
    case eraseQuestion = "erase_question"
    case eraseUnsure = "erase_unsure"
    case eraseNot = "erase_not"
    case dataErased = "data_erased"
    case dataErasedOrders = "data_erased_orders"
    case dataErasedUnderway = "data_erased_underway"
    case spanDays = "span_days"
    case spanYears = "span_years"

    // Repair.
    case notUnderstood = "not_understood"
    case notUnderstoodAgain = "not_understood_again"
    case restUnclear = "rest_unclear"
    case areYouThere = "are_you_there"
    case stillThere = "still_there"
    case examplesOpen = "examples_open"
    case examplesOrdering = "examples_ordering"
    case examplesChoosing = "examples_choosing"
    case examplesAddress = "examples_address"
    case examplesDelivery = "examples_delivery"
    case examplesPayment = "examples_payment"
    case examplesDigits = "examples_digits"
    case examplesQuantity = "examples_quantity"
    case examplesPIN = "examples_pin"
    case examplesPINOrCode = "examples_pin_or_code"
    case examplesModifier = "examples_modifier"
    case examplesYesNo = "examples_yes_no"
    case examplesConfirming = "examples_confirming"

    /// The names of the values that it is filled with; a template may leave some out.
    public var placeholders: Set<String> {
        switch self {
        case .greeting, .summaryCaller: ["shop"]
        case .onlyLanguage: ["language"]
        case .itemCounted: ["quantity", "item"]
        case .itemWeighed: ["amount", "item"]
        case .allOfGroup, .otherOfGroup: ["group"]
        case .itemBefore, .itemWith, .itemWithout: ["item", "modifiers"]
        case .modifierAmount: ["amount", "modifier"]
        case .modifierOfGroup: ["group", "modifier"]
        case .priced, .productPrice, .available: ["product", "price"]
        case .pricePerUnit: ["price", "unit"]
        case .deliveryOption: ["method", "fee"]
        case .deliveryOptionFree: ["method"]
        case .toAddress: ["method", "address"]
        case .hoursSpan: ["days", "open", "close"]
        case .added, .summaryCart, .changed, .cartShown: ["items", "total"]
        case .exchanged: ["old"]
        case .restUnclear: ["words"]
        case .propertyYes, .propertyNo: ["product", "property"]
        case .removed, .reduced, .doubtAdd, .doubtRemove, .doubtChange: ["items"]
        case .notInCart, .nothingCheaper, .askQuantity, .askHowMany, .soldOut, .onlyWhole, .noLongerSold, .foundOne,
            .recommended,
            .recommendedBefore, .recommendedTogether:
            ["product"]
        case .askModifier: ["group", "item", "options"]
        case .askMeaning: ["item", "options"]
        case .paymentTo: ["payment", "phone"]
        case .whichOf, .whichOfMore, .askDelivery, .askPayment, .faqDelivery, .faqPayment: ["options"]
        case .offerNotice: ["product"]
        case .offerItem, .offerFewer, .atMost, .examplesOpen: ["item"]
        case .onlyLeft: ["item", "count"]
        case .onlySteps: ["product", "step"]
        case .tooManyModifiers: ["product", "maximum"]
        case .notWith, .notWithout, .noHalves, .notInAmount: ["product", "modifier"]
        case .belowMinimum: ["minimum", "goods"]
        case .aboveMaximum: ["maximum"]
        case .categories, .someCategories: ["categories"]
        case .description: ["text"]
        case .choices, .choicesMore: ["group", "options"]
        case .compared: ["first", "second"]
        case .cheaper: ["product", "difference"]
        case .onlyThis: ["product", "properties"]
        case .brandIs: ["product", "brand"]
        case .faqAnswer: ["answer"]
        case .readyLater: ["method", "day", "time"]
        case .faqHours, .closedNow, .closedNotice: ["hours"]
        case .notedAddress, .outsideArea: ["address"]
        case .notedDelivery, .offerDelivery: ["option"]
        case .notedPayment, .paymentUnavailable: ["payment"]
        case .deliveryClosed: ["method", "hours"]
        case .paymentNotWith: ["payment", "method"]
        case .readBack: ["items", "delivery", "payment", "total"]
        case .readBackFee: ["items", "goods", "fee", "delivery", "payment", "total"]
        case .shallIPlace, .confirmChanged: ["total"]
        case .summaryOrder: ["number"]
        case .summaryNumber: ["phone"]
        case .placed, .statusPlaced, .statusPacked, .statusHandedOver, .statusDelivered, .statusCancelled,
            .statusReturned, .orderNotFound, .cancelQuestion, .cancelUnsure, .cancelKept, .cancelled,
            .cancelledBefore, .tooLate, .parcelCreated, .parcelUnderway, .parcelArrived, .parcelReady,
            .parcelWithCourier, .parcelDelayed, .parcelReceived, .parcelRefused, .parcelReturned, .parcelLost:
            ["number"]
        case .waybill: ["waybill"]
        case .messageLink: ["shop", "number", "total"]
        case .messageOver: ["shop", "number"]
        case .messageCode: ["shop", "code"]
        case .historyOrder: ["items", "total"]
        case .addressesKnown: ["addresses"]
        case .goOn: ["items"]
        case .repeatWithout: ["products"]
        case .callbackNoted, .noticeNoted, .linkSent: ["phone"]
        case .noticeRecorded: ["purpose"]
        case .privacyTranscript, .privacyTranscriptRedacted, .privacyActs, .privacyAudio, .privacyOrders,
            .privacyProfile,
            .privacyCalls:
            ["time", "purpose"]
        case .spanDays, .spanYears: ["count"]
        case .dataKept: ["orders", "addresses", "conversations"]
        case .dataRecordings: ["recordings"]
        case .messageData: ["shop", "orders", "addresses", "conversations"]
        case .dataErasedOrders: ["orders", "time"]
        case .dataErasedUnderway: ["numbers"]
        default: []
        }
    }
}
