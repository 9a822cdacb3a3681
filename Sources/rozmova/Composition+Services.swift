// The services outside, as the configuration names them and with the credentials of the service: who is there to be paid,
// to carry and to be told. In: settings, credentials. Out: services, and the clerk who asks them.

import Commerce
import Conversation
import Dialogue
import Foundation
import Platform
import Services
import Storage

extension Composition {
    /// Who there is. A service that is set without its credential is a mistake: nothing would ever be done there.
    func services(for floor: Floor) throws -> Services {
        let words = NoticeWording(shop: floor.shop, pack: floor.pack)
        var services = Services(words: { words.text($0) })
        if let returnURL = settings.payment.returnURL {
            services.gateway = StripeGateway(
                url: try Self.url(settings.payment.url ?? StripeGateway.standardURL, "payment.stripe.url"),
                secret: try Self.credential("stripe-key"), returnURL: returnURL, title: floor.shop.name)
        }
        if let sender = settings.carrier.sender {
            services.carrier = NovaPoshta(
                url: try Self.url(settings.carrier.url ?? NovaPoshta.standardURL, "carriers.novaPoshta.url"),
                key: try Self.credential("nova-poshta-key"), sender: sender, today: { [clock] in clock.now })
        }
        services.events = try settings.events.map { each in
            // A secret of its own, else the one of all.
            let own = each.receiver.name.isEmpty ? nil : try? Self.credential("events-secret-\(each.receiver.name)")
            return EventDoor(
                url: try Self.url(each.url, "events.url"), secret: try own ?? Self.credential("events-secret"),
                receiver: each.receiver)
        }
        if let address = settings.messages {
            services.messages = TextGateway(
                url: try Self.url(address, "messages.url"), token: try? Self.credential("messages-token"))
        }
        return services
    }

    /// Works off the errands of a database.
    func clerk(of store: Store, _ services: Services) -> Clerk { Clerk(book: store, services: services, clock: clock) }

    /// The desk that conversations order at: one that has orders paid, where there is a gateway.
    func desk(_ store: Store, _ services: Services?) -> any OrderDesk {
        guard let services, services.gateway != nil else { return store }
        return PayingDesk(desk: store, clerk: clerk(of: store, services))
    }

    /// The desk that knows callers apart: one that sends codes at once, where somebody takes them.
    func identityDesk(_ store: Store, _ services: Services?) -> any IdentityDesk {
        guard let services, services.messages != nil else { return store }
        return CodeDesk(desk: store, clerk: clerk(of: store, services))
    }

    /// From systemd's credentials, else from the environment: `stripe-key` is `ROZMOVA_STRIPE_KEY` there.
    static func credential(_ name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let variable = "ROZMOVA_" + name.uppercased().replacing("-", with: "_")
        if let file = credentialFile(name), let text = try? String(contentsOfFile: file, encoding: .utf8) {
            let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !secret.isEmpty { return secret }
        }
        if let secret = environment[variable], !secret.isEmpty { return secret }
        throw Failure(
            "the credential \(name) is missing: give it to the service (LoadCredential=\(name):…), or set \(variable)")
    }

    /// The file of one of systemd's credentials, where there is one.
    static func credentialFile(_ name: String) -> String? {
        let path = credentials.map { "\($0)/\(name)" }
        return path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }

    private static func url(_ text: String, _ setting: String) throws -> URL {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil else {
            throw Failure("\(setting): \(text) is no address such as https://host/path")
        }
        return url
    }
}

extension Services {
    /// Payment methods that somebody is there for.
    var payments: Set<String> {
        guard gateway != nil else { return PaymentMethod.withoutGateway }
        return PaymentMethod.withoutGateway.union(
            messages == nil ? [PaymentMethod.saved] : [PaymentMethod.saved, "link"])
    }
}
