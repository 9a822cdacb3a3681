// The configuration as a value: what each setting is called, what it is when nobody sets it, and where the file is.

import Commerce
import Foundation
import Privacy
import Services

/// What the operator may set. `systemd/rozmova.json5` is the reference; every setting in it has an effect.
struct Settings: Sendable {
    /// Read where there is no `--config` and this file exists.
    static let standardFile = "/etc/rozmova/rozmova.json5"

    /// The shop's folder; nil is the demo shop.
    var shop: String?
    /// The folder of the database, the key and the recordings; nil is the standard place of the service or the user.
    var data: String?
    /// The language of conversations; nil is the shop's first.
    var language: String?
    /// What is kept, and for how long.
    var retention = RetentionPolicy.standard
    /// Telephone lines: accounts and exchanges.
    var phones: [Phone] = []
    /// Stands in the shop.
    var kiosks: [Kiosk] = []
    /// What the daemon may use.
    var limits = Limits()
    /// The file of metrics; nil is none.
    var metrics: String?
    /// Where models are; nil is where the build or the installation has them, and Debian's.
    var models = Models()
    /// The account at Stripe; nobody is charged without one.
    var payment = Stripe()
    /// The sender's account at Nova Poshta.
    var carrier = Carrier()
    /// Who is told of events.
    var events: [Receiver] = []
    /// The gateway for text messages; nil sends none.
    var messages: String?

    /// An account that payments go to.
    struct Stripe: Sendable {
        /// Another server than Stripe's own.
        var url: String?
        /// The shop's page where a customer comes back to; with it payments are on.
        var returnURL: String?
    }

    /// A system that is told of events.
    struct Receiver: Sendable {
        let url: String
        /// Who it is; the only one needs no name.
        let receiver: EventReceiver
    }

    /// An account that parcels are sent from.
    struct Carrier: Sendable {
        /// Another server than Nova Poshta's own.
        var url: String?
        /// Who sends; nil where parcels are not sent by Nova Poshta.
        var sender: NovaPoshta.Sender?
        /// The settings of a sender.
        static let fields = ["sender", "contact", "city", "address", "phone", "description", "weight"]
    }

    /// Files that are not the shop's.
    struct Models: Sendable {
        /// The folder of the language packs.
        var languages: String?
        /// The folder of the recogniser's acoustic model.
        var acoustic: String?
        /// The folder of an acoustic model for telephone sound.
        var telephone: String?
        /// The recogniser's dictionary.
        var dictionary: String?
    }

    /// A setting for the reader of the help.
    struct Entry: Sendable {
        /// With dots: `models.acoustic`.
        let name: String
        let summary: String
    }

    /// Every setting. Reading knows these and no others; `Tests/Commands` compares them with the reference file.
    static var reference: [Entry] {
        [
            Entry(name: "shop", summary: "folder of shop.json5 and catalog.json5; left out: the demo shop"),
            Entry(
                name: "data",
                summary: "folder of the database; left out: $STATE_DIRECTORY, else $XDG_STATE_HOME/rozmova"),
            Entry(name: "language", summary: "language of the conversations; left out: the shop's first"),
            Entry(name: "models.languages", summary: "folder of the language packs; left out: beside the program"),
            Entry(name: "models.acoustic", summary: "folder of the recogniser's model; left out: Debian's en-us"),
            Entry(
                name: "models.telephone",
                summary: "folder of a model made for 8 kHz, to hear telephones with; left out: the other one, adapted"),
            Entry(name: "models.dictionary", summary: "the recogniser's dictionary; left out: Debian's cmudict"),
            Entry(name: "payment.stripe.returnURL", summary: "where payers come back to; left out: no payments"),
            Entry(name: "payment.stripe.url", summary: "left out: https://api.stripe.com"),
            Entry(name: "events.url", summary: "who is told of events (CloudEvents), one or a list; left out: nobody"),
            Entry(name: "events.name", summary: "of each of several: what it is called in the outbox"),
            Entry(
                name: "events.kinds", summary: "what it is told of, such as order or payment.paid; left out: everything"
            ),
            Entry(name: "messages.url", summary: "gateway for text messages; left out: none are sent"),
            Entry(name: "carriers.novaPoshta.url", summary: "left out: Nova Poshta's own"),
        ]
            + Carrier.fields.map { name in
                Entry(name: "carriers.novaPoshta.\(name)", summary: "of who sends parcels; left out: none are sent")
            }
            + DataKind.allCases.map { kind in
                let rule = RetentionPolicy.standard[kind]
                return Entry(
                    name: "retention.\(kind.rawValue)",
                    summary: "form, days, purpose; left out: \(rule.form.rawValue)"
                        + (rule.form == .off ? "" : ", \(rule.days) days"))
            }
            + lineReference
    }
}
