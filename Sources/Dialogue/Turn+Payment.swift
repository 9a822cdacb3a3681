// Money, parcels and what was left from the last call, in words. What may be told to whom follows from the contract's table: the
// status to anybody with the number, waybill and payment to who has proved to be the one who placed the order.

public import Commerce
public import Language
import Understanding

extension Turn {
    /// The payment method by which a link is sent.
    static let link = "link"
    /// Why a telephone number is asked for, where it is not to call back.
    static let forLink = "payment_link"

    // MARK: Payment

    /// After the order number: what became of the payment that belongs to it.
    mutating func tellPayment(of order: Order) {
        guard !PaymentMethod.withoutGateway.contains(order.quote.payment) else { return }
        switch order.paymentStatus {
        case .paid, .authorized: say(.paidNow)
        case .failed: say(order.decline.map(Self.words) ?? .declineRefused)
        case .pending where order.isLinkSent:
            if let decline = order.decline { say(Self.words(decline)) }
            guard let phone = context.caller ?? state.checkout.phone else { return say(.paymentPending) }
            say(.linkSent, ["phone": .phone(phone)])
        case .pending: say(.paymentPending)
        case .onDelivery, .refunded: break
        }
    }

    private static func words(_ decline: Decline) -> PromptKey {
        switch decline {
        case .insufficientFunds: .declineInsufficientFunds
        case .expired: .declineExpired
        case .authenticationNeeded: .declineAuthenticationNeeded
        case .refused: .declineRefused
        }
    }

    /// A card's number was said, typed or keyed: nobody here wants it.
    mutating func refuseCard() {
        say(.noCards)
        settle()
    }

    // MARK: Orders and parcels

    /// Where an order is; to who has proved to be its owner also by which waybill, and where the money is.
    mutating func tell(_ order: Order, toOwner isOwner: Bool) {
        self.order = ToldOrder(order, isWhole: isOwner)
        if let parcel = order.parcel, order.status != .cancelled {
            say(parcel.words, ["number": .orderNumber(order.number)])
        } else {
            tellStatus(order.status, order.number)
        }
        guard isOwner else { return }
        if let waybill = order.waybill, order.parcel?.isFinal == false {
            say(.waybill, ["waybill": .orderNumber(waybill)])
        }
        switch order.paymentStatus {
        case .refunded: say(.moneyRefunded)
        case .failed: say(.moneyFailed)
        case .pending where order.status != .cancelled: say(.moneyPending)
        default: break
        }
    }

    // MARK: The last call

    /// What has changed since a customer was here. How much of it a number alone opens is the shop's policy.
    mutating func welcome(_ welcome: Welcome) {
        let left = availableDelivery.isEmpty ? Cart() : welcome.cart.map(stillSold) ?? Cart()
        guard context.shop.repeatOrderByNumber else {
            guard !left.lines.isEmpty else { return }
            guard canProve else { return say(.cartNeedsPerson) }
            state.brokenOff = left
            return ask(.openCart)
        }
        for order in welcome.news.prefix(2) { tell(order, toOwner: false) }
        if !left.lines.isEmpty { ask(.goOn(left)) }
    }

    private func stillSold(_ cart: Cart) -> Cart {
        Cart(
            lines: cart.lines.filter { line in
                context.shop.refusals(of: Cart(lines: [line]), catalog: context.catalog, stock: context.stock).isEmpty
            })
    }

    mutating func goOn(_ cart: Cart) {
        state.cart = cart
        state.lastLine = cart.lines.last
        state.phase = .idle
        say(.allRight)
    }
}

extension ParcelStatus {
    /// What is said of it.
    fileprivate var words: PromptKey {
        switch self {
        case .created: .parcelCreated
        case .underway: .parcelUnderway
        case .arrived: .parcelArrived
        case .ready: .parcelReady
        case .withCourier: .parcelWithCourier
        case .delayed: .parcelDelayed
        case .received: .parcelReceived
        case .refused: .parcelRefused
        case .returned: .parcelReturned
        case .lost: .parcelLost
        }
    }
}

/// Words for customers outside of a conversation: text messages.
public struct NoticeWording: Sendable {
    private let shop: Shop
    private let pack: LanguagePack

    /// The words of a shop in one language.
    public init(shop: Shop, pack: LanguagePack) {
        self.shop = shop
        self.pack = pack
    }

    /// A notice as a text message.
    public func text(_ notice: Notice) -> String {
        switch notice {
        case .paymentLink(let order, let amount, let url):
            let total = PromptValue.money(
                minorUnits: amount.minorUnits, digits: amount.currency.digits, currency: amount.currency.code)
            return render(.messageLink, ["shop": .text(shop.name), "number": .orderNumber(order), "total": total]) + " "
                + url
        case .paymentOver(let order):
            return render(.messageOver, ["shop": .text(shop.name), "number": .orderNumber(order)])
        case .data(let kept):
            func list(_ items: [String]) -> PromptValue { .text(items.isEmpty ? "–" : items.joined(separator: "; ")) }
            return render(
                .messageData,
                [
                    "shop": .text(shop.name), "orders": list(kept.orders), "addresses": list(kept.addresses),
                    "conversations": .count(thousandths: kept.conversations * 1_000),
                ])
        case .code(let code, _): return render(.messageCode, ["shop": .text(shop.name), "code": .text(code)])
        case .parcel(let order, let waybill, let status):
            let place = render(status.words, ["number": .orderNumber(order)])
            return place + " " + render(.waybill, ["waybill": .orderNumber(waybill)])
        }
    }

    private func render(_ key: PromptKey, _ values: [String: PromptValue]) -> String {
        pack.prompts.render(
            key.rawValue, values, variant: 0, overrides: shop.prompts, isFragment: false, rules: pack.rules
        ).text
    }
}
