//! The file that goes to the bank: a head with count and control sum, then a line an order. The same orders make the same
//! bytes, so that its SHA-256 says whether a file is this one.

use super::Batch;
use crate::domain::cells;
use crate::domain::claim::{Account, AccountKind};
use crate::domain::ids::PaymentOrderId;
use crate::domain::money::Fen;

/// Columns of an order.
const COLUMNS: [&str; 8] = [
    "序号",
    "支付单号",
    "收款人",
    "开户行",
    "账户类别",
    "账号",
    "金额",
    "用途",
];

/// An order as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which order.
    pub order: PaymentOrderId,
    /// Receipt number of its case.
    pub receipt_no: String,
    /// To which account.
    pub account: Account,
    /// How much.
    pub amount: Fen,
}

/// What the lines come to; `None` beyond what can be counted.
pub fn control_sum(lines: &[Line]) -> Option<Fen> {
    let mut amounts = lines.iter().map(|line| line.amount);
    amounts.try_fold(Fen::default(), Fen::plus)
}

/// The number of a batch as people read it: pool and six digits.
pub fn name(batch: &Batch) -> String {
    format!("{}-{:06}", batch.pool, batch.number)
}

/// An amount as a bank reads it: yuan with two decimals and nothing else.
pub fn yuan(amount: Fen) -> String {
    amount.to_string().replace(['¥', ','], "")
}

/// The file of a batch: UTF-8 with its mark.
pub fn write(batch: &Batch, lines: &[Line]) -> String {
    let head = [
        "付款批次",
        &name(batch),
        "制单日期",
        &batch.made_at.day().to_string(),
        "笔数",
        &batch.count.to_string(),
        "合计金额",
        &yuan(batch.sum),
    ]
    .map(str::to_owned);
    let orders = (1_u32..).zip(lines).map(|(number, line)| {
        let kind = match line.account.kind {
            AccountKind::Card => "银行卡",
            AccountKind::Passbook => "存折",
        };
        vec![
            number.to_string(),
            line.order.to_string(),
            line.account.holder.clone(),
            line.account.bank.clone(),
            kind.to_owned(),
            line.account.number.clone(),
            yuan(line.amount),
            format!("医保零星报销 {}", line.receipt_no),
        ]
    });
    let columns = COLUMNS.map(str::to_owned).to_vec();
    let text = cells::lines([head.to_vec(), columns].into_iter().chain(orders));
    format!("\u{feff}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AccountId, PaymentBatchId};
    use crate::domain::payment::BatchState;
    use crate::domain::time::Ts;
    use uuid::Uuid;

    fn line(holder: &str, fen: i64) -> Line {
        Line {
            order: PaymentOrderId::from(Uuid::nil()),
            receipt_no: "R1".to_owned(),
            account: Account {
                kind: AccountKind::Card,
                number: "6222020000000000003".to_owned(),
                bank: "示例银行,一支行".to_owned(),
                holder: holder.to_owned(),
            },
            amount: Fen::new(fen),
        }
    }

    fn batch(lines: &[Line]) -> Batch {
        Batch {
            id: PaymentBatchId::from(Uuid::nil()),
            pool: "371000".parse().unwrap(),
            number: 12,
            state: BatchState::Open,
            count: u32::try_from(lines.len()).unwrap(),
            waiting: 0,
            sum: control_sum(lines).unwrap(),
            sha256: vec![],
            made_by: AccountId::from(Uuid::nil()),
            made_at: Ts::parse("2026-11-24T00:30:00+08:00").unwrap(),
            sent: None,
            done_at: None,
        }
    }

    #[test]
    fn the_file_says_how_many_and_how_much_and_holds_no_formula() {
        let lines = [line("示例甲", 123_456), line("=示例乙", 5)];
        let text = write(&batch(&lines), &lines);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(
            rows[0],
            "\u{feff}付款批次,371000-000012,制单日期,2026-11-24,笔数,2,合计金额,1234.61"
        );
        assert_eq!(
            rows[2],
            "1,00000000-0000-0000-0000-000000000000,示例甲,\"示例银行,一支行\",银行卡,6222020000000000003,1234.56,医保零星报销 R1"
        );
        assert!(rows[3].contains(",'=示例乙,") && rows[3].contains(",0.05,"));
        assert_eq!(write(&batch(&lines), &lines), text);
    }

    #[test]
    fn a_sum_beyond_what_can_be_counted_is_none() {
        assert_eq!(control_sum(&[line("甲", i64::MAX), line("乙", 1)]), None);
    }
}
